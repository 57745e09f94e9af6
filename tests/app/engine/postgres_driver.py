"""The same programme on PostgreSQL, through the services."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime
from functools import partial
from typing import Any
from unittest.mock import patch

import psycopg
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.db.encryption import code_hash
from app.db.models import (
    Allocation,
    Award,
    Lot,
    Member,
    MemberIdentity,
    Posting,
    Redemption,
    Reward,
    RuleVersion,
)
from app.db.queries.facts_wanted import waiting_orders
from app.db.rulebook import load_rulebook
from app.db.session import Database
from app.domain.errors import NotEnoughPoints, RedemptionNotOpen, RewardUnavailable
from app.domain.order_snapshot import OrderSnapshot, Refund
from app.domain.program_rules import ProgramRules
from app.services.adjust_points import adjust_points
from app.services.award_orders import award_orders
from app.services.delete_customer import delete_customer
from app.services.enrol_customers import CustomerState, PersonalData, enrol_customers
from app.services.hold_points import hold_points
from app.services.mark_redemption_ready import mark_redemption_ready
from app.services.mature_and_expire import mature_and_expire
from app.services.merge_members import merge_members
from app.services.pin_order_facts import pin_order_facts
from app.services.publish_rules import publish_rules
from app.services.redact_customer import redact_customer
from app.services.release_redemption import release_redemption
from app.services.verify_ledger import verify_ledger
from tests.app.engine.books import AwardSeen, Books, LotSeen, MemberSeen, Move, RedemptionSeen
from tests.app.engine.driver import Crash
from tests.app.engine.shop import CUSTOMERS, PRODUCTS
from tests.fixtures.stores import LEDGER_KEY, open_store

NOBODY = PersonalData(name=None, email=None, email_hash=None)


class PostgresDriver:
    """A programme of its own in a real database."""

    def __init__(self, database: Database, rules: ProgramRules, now: datetime) -> None:
        self.now = now
        self.crash_after: int | None = None
        self._store = open_store(database, rules)
        assert self._store.now == now
        self._programme = {"program_id": self._store.program_id, "ledger_key": LEDGER_KEY}
        self._shop = {**self._programme, "shop_id": self._store.shop_id}
        self._adjusted: set[str] = set()
        with self._store.session() as session:
            self._rewards = _pairs(session, Reward.points, Reward.id)

    def publish(self, rules: ProgramRules) -> None:
        program_id = self._store.program_id
        self._run(
            lambda session: publish_rules(
                session, program_id=program_id, rules=rules, published_by="staff:1", now=self.now
            )
        )

    def enrol(self, customer: int, created_at: datetime) -> None:
        state = CustomerState(
            customer_id=customer, created_at=created_at, updated_at=created_at, personal=NOBODY
        )
        self._run(partial(enrol_customers, customers=[state], now=self.now, **self._shop))

    def take_in(
        self,
        snapshots: Sequence[OrderSnapshot] = (),
        refunds: Sequence[tuple[int, Refund]] = (),
        deleted: Sequence[int] = (),
        *,
        fetched: bool = False,
    ) -> Sequence[int]:
        result = self._run(
            partial(
                award_orders,
                snapshots=snapshots,
                refunds=refunds,
                deleted_order_ids=deleted,
                fetched=fetched,
                now=self.now,
                **self._shop,
            )
        )
        return tuple(result.fetch_order_ids)

    def fetch_facts(self) -> None:
        self._run(self._fetch_facts)

    def _fetch_facts(self, session: Session) -> None:
        rulebook = load_rulebook(session, self._store.program_id)
        orders = waiting_orders(session, self._store.shop_id, rulebook, limit=100)
        if orders:
            pin_order_facts(
                session,
                orders=orders,
                products=PRODUCTS,
                customers=CUSTOMERS,
                now=self.now,
                **self._shop,
            )

    def who_has(self, points: int) -> list[int]:
        with self._store.session() as session:
            return list(
                session.scalars(
                    select(MemberIdentity.customer_id)
                    .join(Member, Member.id == MemberIdentity.member_id)
                    .where(Member.available >= points)
                    .order_by(MemberIdentity.customer_id)
                )
            )

    def hold(self, customer: int, points: int, key: str, code: str) -> int | None:
        member_id = self._member(customer)
        if member_id is None:
            return None
        try:
            return self._run(
                partial(
                    hold_points,
                    member_id=member_id,
                    reward_id=self._rewards[points],
                    idempotency_key=key,
                    customer_id=customer,
                    surface="widget",
                    seal=lambda _: (b"sealed", code_hash(LEDGER_KEY, code)),
                    now=self.now,
                    **self._shop,
                )
            ).id
        except (NotEnoughPoints, RewardUnavailable):
            return None

    def ready(self, redemption: int) -> None:
        ready = partial(
            mark_redemption_ready, redemption_id=redemption, discount_gid="gid", now=self.now
        )
        self._run_open(ready)

    def release(self, redemption: int, reason: str) -> None:
        self._run_open(
            partial(
                release_redemption,
                redemption_id=redemption,
                reason=reason,
                now=self.now,
                ledger_key=LEDGER_KEY,
            )
        )

    def adjust(self, customer: int, points: int, key: str) -> bool:
        member_id = self._member(customer)
        if member_id is None:
            return False
        try:
            self._run(
                partial(
                    adjust_points,
                    member_id=member_id,
                    points=points,
                    key=key,
                    actor="staff:1",
                    note=None,
                    now=self.now,
                    **self._programme,
                )
            )
        except NotEnoughPoints:
            return False
        return True

    def merge(self, kept: int, merged: int) -> None:
        self._run(
            partial(
                merge_members,
                kept_customer_id=kept,
                merged_customer_id=merged,
                now=self.now,
                **self._shop,
            )
        )

    def delete(self, customer: int) -> None:
        self._run(partial(delete_customer, customer_id=customer, now=self.now, **self._shop))

    def redact(self, customer: int) -> None:
        self._run(partial(redact_customer, customer_id=customer, now=self.now, **self._shop))

    def settle_due(self) -> None:
        while self._run(partial(mature_and_expire, now=self.now, limit=2, **self._programme)):
            pass

    def prove(self) -> list[str]:
        with self._store.session() as session:
            return [str(wrong) for wrong in verify_ledger(session, **self._programme)]

    def books(self) -> Books:
        with self._store.session() as session:
            return _read(session)

    def _member(self, customer: int) -> int | None:
        with self._store.session() as session:
            return session.scalar(
                select(MemberIdentity.member_id).where(MemberIdentity.customer_id == customer)
            )

    def _run_open(self, service: Callable[[Session], Any]) -> None:
        with suppress(RedemptionNotOpen):
            self._run(service)

    def _run(self, service: Callable[[Session], Any]) -> Any:
        """Run a service in a transaction; where a crash is due, roll it back and run it again."""
        steps, self.crash_after = self.crash_after, None
        if steps is not None:
            with suppress(Crash), crashing(steps), self._store.session() as session:
                service(session)
                raise Crash
        with self._store.session() as session:
            return service(session)


@contextmanager
def crashing(steps: int) -> Iterator[None]:
    """Let the process die at a statement."""
    left = iter(range(steps))
    execute = psycopg.Cursor.execute

    def counted(cursor: Any, *args: Any, **kwargs: Any) -> Any:
        if next(left, None) is None:
            raise Crash
        return execute(cursor, *args, **kwargs)

    with patch.object(psycopg.Cursor, "execute", counted):
        yield


def _pairs(session: Session, key: Any, value: Any) -> dict[int, int]:
    return {row[0]: row[1] for row in session.execute(select(key, value))}


def _read(session: Session) -> Books:
    versions = _pairs(session, RuleVersion.id, RuleVersion.number)
    awards = session.scalars(select(Award)).all()
    members = session.scalars(select(Member)).all()
    taken = session.execute(
        select(
            Allocation.redemption_id, func.sum(Allocation.points - Allocation.restored)
        ).group_by(Allocation.redemption_id)
    )
    open_points = {redemption_id: int(points) for redemption_id, points in taken}
    return Books(
        moves=[
            Move(*row)
            for row in session.execute(
                select(
                    Posting.member_id,
                    Posting.kind,
                    Posting.debit_account,
                    Posting.credit_account,
                    Posting.points,
                    Posting.award_id,
                    Posting.redemption_id,
                )
            )
        ],
        members={
            member.id: MemberSeen(member.pending, member.available, member.held)
            for member in members
        },
        lots=[
            LotSeen(
                lot.member_id,
                lot.available_at,
                None,
                lot.matured,
                lot.points,
                lot.remaining,
                lot.expired,
            )
            for lot in session.scalars(select(Lot))
        ],
        awards={
            int(award.source_id.partition(":")[2]): AwardSeen(
                award.id,
                award.member_id,
                versions[award.rule_version_id],
                award.pin["multiplier_bp"],
                award.points,
                sum(line["points"] for line in award.receipt),
            )
            for award in awards
            if award.source_kind == "order"
        },
        sign_ups={
            int(award.source_id.partition(":")[2]): award.id
            for award in awards
            if award.source_kind == "sign_up"
        },
        redemptions={
            each.id: RedemptionSeen(
                each.member_id,
                each.points,
                each.returned,
                each.state,
                each.order_id,
                open_points[each.id],
            )
            for each in session.scalars(select(Redemption))
        },
        identities=_pairs(session, MemberIdentity.customer_id, MemberIdentity.member_id),
        merged={member.id: member.merged_into_id for member in members if member.merged_into_id},
    )
