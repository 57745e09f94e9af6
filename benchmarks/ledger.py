"""Postings a second, one commit each and in batches of 500, beside other ways to keep a ledger.

    python -m benchmarks.ledger [--seconds 2] [--rounds 5] [--peers FOLDER]

Ours are the real services: row locks, lots, hash chain, idempotency and row-level security
included. The peers, which benchmarks.ledger_peers tells how to set up, keep entries and a balance.
In each round everybody has a turn on the same PostgreSQL; ratios are medians of rounds, as single
runs scatter. At the end our ledger is proved.
"""

import argparse
import os
import random
import statistics
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TypedDict
from uuid import uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.bootstrap import spare_the_collector
from app.db.accounts import accounts_of, ask_accounts, save_accounts, save_moves
from app.db.bulk import insert_values
from app.db.ids import allocate_ids, ask_ids, ids_of
from app.db.models import Lot as LotRow
from app.db.models import Member, Reward
from app.db.session import Database, Tenant
from app.db.wire import one_trip, unanswered
from app.domain.ledger import Account, Cause, Lot
from app.services.adjust_points import adjust_points
from app.services.capture_redemption import capture_redemption
from app.services.hold_points import hold_points
from app.services.order_batch import ORDERS_AT_A_TIME
from app.services.verify_ledger import verify_ledger
from benchmarks.installation import Installation, installation
from benchmarks.ledger_peers import HORDAK, ORM, ORM_BATCHES, PLAIN_BATCHES, run_peers
from benchmarks.peers import PEERS_DATABASE

NOW = datetime(2026, 11, 1, tzinfo=UTC)
MEMBERS = 10_000
BATCH = 500
TAKE, GIVE = "Regulars, points taken", "Regulars, points given (award, lot and posting)"
HOLD, CAPTURE = "Regulars, points held for a reward", "Regulars, a hold captured"
BATCHES = f"Regulars, batches of {BATCH}"
BARS = (
    (TAKE, HORDAK, 3.0),
    (TAKE, ORM, 7.0),
    (BATCHES, ORM_BATCHES, 3.0),
    (BATCHES, PLAIN_BATCHES, 0.3),
)
Rates = Mapping[str, float]


@dataclass(slots=True)
class Ledger:
    """Our ledger, and the ways to post to it."""

    database: Database
    tenant: Tenant
    ledger_key: bytes
    member_ids: Sequence[int]
    reward_id: int = 0
    rng: random.Random = field(default_factory=lambda: random.Random(2026))
    held: list[int] = field(default_factory=list)

    @property
    def program_id(self) -> int:
        """The programme that owns it."""
        return self.tenant.program_id or 0

    def take(self) -> int:
        """Take some points from a member."""
        return self._adjust(-self.rng.randint(1, 5))

    def give(self) -> int:
        """Give a member some points."""
        return self._adjust(self.rng.randint(1, 5))

    def _adjust(self, points: int) -> int:
        with self.database.tenant(self.tenant) as session:
            adjust_points(
                session,
                program_id=self.program_id,
                member_id=self.rng.choice(self.member_ids),
                points=points,
                key=uuid4().hex,
                actor="staff:1",
                note=None,
                now=NOW,
                ledger_key=self.ledger_key,
            )
        return 1

    def hold(self) -> int:
        """Hold the points of a reward."""
        key = uuid4().hex
        with self.database.tenant(self.tenant) as session:
            row = hold_points(
                session,
                program_id=self.program_id,
                shop_id=self.tenant.shop_id or 0,
                member_id=self.rng.choice(self.member_ids),
                reward_id=self.reward_id,
                idempotency_key=key,
                customer_id=1,
                surface="widget",
                seal=lambda code: (bytes(120), code.encode()),
                now=NOW,
                ledger_key=self.ledger_key,
            )
        self.held.append(row.id)
        return 1

    def capture(self) -> int:
        """Let an order use what was held."""
        with self.database.tenant(self.tenant) as session:
            capture_redemption(
                session,
                redemption_id=self.held.pop(),
                order_id=1,
                now=NOW,
                ledger_key=self.ledger_key,
            )
        return 1

    def batch(self) -> int:
        """Give points to members chosen as the peers choose accounts."""
        return self.give_each(self.rng.choices(self.member_ids, k=BATCH), self.rng.randint(1, 500))

    def give_each(self, member_ids: Sequence[int], points: int) -> int:
        """Give points to each member in one transaction, each in a lot of its own."""
        with self.database.tenant(self.tenant) as session:
            self._post(session, member_ids, points)
        return len(member_ids)

    def _post(self, session: Session, member_ids: Sequence[int], points: int) -> None:
        """Post as a drain does: PostgreSQL writes some postings while the next are made."""
        with one_trip(session) as trip:
            members = ask_accounts(trip, set(member_ids))
            lot_ids = ask_ids(trip, LotRow, len(member_ids))
        accounts = accounts_of(members)
        given = list(zip(member_ids, ids_of(lot_ids), strict=True))
        program: Program = {
            "program_id": self.program_id,
            "now": NOW,
            "ledger_key": self.ledger_key,
        }
        with unanswered(session) as trip:
            for start in range(0, len(given), ORDERS_AT_A_TIME):
                for member_id, lot_id in given[start : start + ORDERS_AT_A_TIME]:
                    _give(accounts[member_id].account, lot_id, points)
                save_moves(session, accounts.values(), **program)
                trip.send()
            save_accounts(session, accounts.values(), **program)


class Program(TypedDict):
    """For whom, when and sealed with what postings are written."""

    program_id: int
    now: datetime
    ledger_key: bytes


def _give(account: Account, lot_id: int, points: int) -> None:
    """Give points in a lot of their own."""
    lot = Lot(
        id=lot_id,
        award_id=None,
        available_at=NOW,
        expires_at=NOW + timedelta(days=365),
        matured=True,
    )
    account.add_lot(lot)
    cause = Cause(source=f"bench:{lot_id}", at=NOW)
    account.make_available("adjust", "adjusted", points, cause, lot)


def main() -> int:
    """Run the rounds, print medians and ratios, and return 1 when a bar is missed."""
    options = _options()
    spare_the_collector()
    with installation(options.database) as installed:
        ledger = _open(installed)
        rounds = [_round(ledger, options, number) for number in range(options.rounds)]
        with ledger.database.tenant(ledger.tenant) as session:
            wrong = verify_ledger(
                session, program_id=ledger.program_id, ledger_key=ledger.ledger_key
            )
        ledger.database.close()
    print(f"Our ledger has {len(wrong)} discrepancies.")
    missed = _report(rounds)
    return int(missed or bool(wrong))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--seconds", type=float, default=2.0, help="of each way in each round")
    parser.add_argument("--rounds", type=int, default=5)
    folder = os.environ.get("REGULARS_PEERS", ".data/peers")
    parser.add_argument("--peers", type=Path, default=Path(folder), help="where the peers are")
    parser.add_argument("--database", default=PEERS_DATABASE, help="the peers use this one, too")
    options = parser.parse_args()
    options.peers = options.peers.resolve()
    return options


def _open(installed: Installation) -> Ledger:
    """Make members who have points to spend."""
    tenant = Tenant(program_id=installed.program_id, shop_id=installed.shop_id)
    database = Database(installed.environment["DATABASE_URL"])
    with database.tenant(tenant) as session:
        member_ids = allocate_ids(session, Member, MEMBERS)
        shared = {"program_id": installed.program_id, "joined_at": NOW, "last_active_at": NOW}
        insert_values(session, Member, ("id",), [(each,) for each in member_ids], shared)
        reward_id = session.scalars(select(Reward.id).order_by(Reward.points)).first()
    ledger = Ledger(
        database=database,
        tenant=tenant,
        ledger_key=installed.settings.ledger_key,
        member_ids=member_ids,
        reward_id=reward_id or 0,
    )
    for start in range(0, MEMBERS, BATCH):
        ledger.give_each(member_ids[start : start + BATCH], 1_000_000)
    installed.execute("vacuum analyze")
    return ledger


def _round(ledger: Ledger, options: argparse.Namespace, number: int) -> Rates:
    rates = {
        name: _rate(way, options.seconds)
        for name, way in (
            (TAKE, ledger.take),
            (GIVE, ledger.give),
            (HOLD, ledger.hold),
            (BATCHES, ledger.batch),
        )
    }
    rates[CAPTURE] = _rate(ledger.capture, options.seconds, at_most=len(ledger.held) - 1)
    rates |= run_peers(options.peers, options.seconds)
    told = ", ".join(f"{name} {rate:.0f}" for name, rate in rates.items())
    print(f"round {number + 1}: {told}", flush=True)
    return rates


def _rate(way: Callable[[], int], seconds: float, *, at_most: int = sys.maxsize) -> float:
    """Return postings a second, after one that is not counted."""
    way()
    began, posted = time.perf_counter(), 0
    while posted < at_most and time.perf_counter() - began < seconds:
        posted += way()
    return posted / (time.perf_counter() - began)


def _report(rounds: Sequence[Rates]) -> bool:
    """Print medians and ratios; return whether a bar was missed."""
    for name in rounds[0]:
        print(f"{name}: {statistics.median(rates[name] for rates in rounds):.0f} postings/s")
    missed = False
    for ours, theirs, bar in BARS:
        if theirs in rounds[0]:
            ratio = statistics.median(rates[ours] / rates[theirs] for rates in rounds)
            print(f"{ours}: {ratio:.2f} times {theirs}; the bar is {bar}.")
            missed |= ratio < bar
    print("A bar was missed." if missed else "Every bar is cleared.")
    return missed


if __name__ == "__main__":
    sys.exit(main())
