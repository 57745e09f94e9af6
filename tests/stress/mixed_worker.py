"""A worker process that posts in every way at once, and tells what went wrong."""

import random
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from multiprocessing.queues import Queue

from app.db.accounts import lock_accounts, save_accounts
from app.db.bulk import without_waiting
from app.db.ids import allocate_ids
from app.db.models import Lot as LotRow
from app.db.session import Database
from app.domain.errors import LoyaltyError
from app.domain.ledger import Cause, Lot
from app.services.adjust_points import adjust_points
from app.services.mature_and_expire import mature_and_expire
from app.services.merge_members import merge_members
from app.services.release_redemption import release_redemption
from app.services.revise_tiers import revise_tiers
from tests.fixtures.orders import refunded
from tests.fixtures.stores import LEDGER_KEY, START, Store

HOT, CUSTOMERS = 6, 400
"""Half of the work is on a few customers, the rest on all."""
BATCH = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a worker did: how many steps, and the errors that rules do not explain."""

    steps: int
    errors: list[str]


def work(
    url: str, program_id: int, shop_id: int, seed: int, seconds: float, told: "Queue[Told]"
) -> None:
    """Do one thing after the other for some seconds."""
    database = Database(url, pool_size=2)
    store = Store(database=database, program_id=program_id, shop_id=shop_id)
    worker = MixedWorker(store=store, rng=random.Random(seed))
    ends, steps, errors = time.monotonic() + seconds, 0, []
    while time.monotonic() < ends:
        steps += 1
        try:
            worker.step()
        except LoyaltyError:
            """The rules said no, as they may."""
        except Exception as error:  # noqa: BLE001 - the test has to hear of it
            errors.append(repr(error)[:500])
    database.close()
    told.put(Told(steps=steps, errors=errors))


@dataclass(slots=True, kw_only=True)
class MixedWorker:
    """Chooses what to do next."""

    store: Store
    rng: random.Random

    def step(self) -> None:
        """Do one thing; time passes for all workers alike."""
        self.store.now = START + timedelta(days=60, seconds=time.monotonic() % 10_000)
        ways: list[tuple[int, Callable[[], None]]] = [
            (4, self.take_in_orders),
            (4, self.post_a_batch),
            (6, self.hold_and_perhaps_release),
            (3, self.adjust),
            (2, self.mature_and_expire),
            (1, self.merge),
            (1, self.revise_tiers),
        ]
        [way] = self.rng.choices([way for _, way in ways], [weight for weight, _ in ways])
        way()

    def customer(self) -> int:
        """Return one of the few hot customers, or any."""
        return self.rng.randint(1, HOT if self.rng.random() < 0.5 else CUSTOMERS)

    def take_in_orders(self) -> None:
        """Take in orders that other workers take in too, twice over, some of them refunded."""
        numbers = [self.rng.randint(1, 5_000) for _ in range(BATCH)]
        orders = []
        for number in numbers + numbers[: BATCH // 4]:
            rng = random.Random(number)
            placed_at = START + timedelta(days=rng.randint(0, 60))
            order = replace(
                self.store.order(rng.randint(100, 9_000), customer=rng.randint(1, CUSTOMERS)),
                order_id=number,
                created_at=placed_at,
                processed_at=placed_at,
                updated_at=placed_at,
            )
            refund = self.rng.random() < 0.2
            orders.append(
                refunded(order, at=placed_at + timedelta(hours=1), refund_id=number)
                if refund
                else order
            )
        self.store.take_in(*orders)

    def post_a_batch(self) -> None:
        """Give points to many members at once, whoever else posts to them."""
        customers = {self.customer() for _ in range(BATCH)}
        member_ids = {self.store.member_id(customer) for customer in customers}
        with self.store.session() as session:
            accounts = lock_accounts(session, member_ids)
            lot_ids = iter(allocate_ids(session, LotRow, len(accounts)))
            for member_id, loaded in accounts.items():
                lot = Lot(
                    id=next(lot_ids),
                    award_id=None,
                    available_at=self.store.now,
                    expires_at=self.store.now + timedelta(days=30),
                    matured=True,
                )
                cause = Cause(source=f"gift:{member_id}:{lot.id}", at=self.store.now)
                loaded.account.add_lot(lot)
                loaded.account.make_available("adjust", "adjusted", 10, cause, lot)
            with without_waiting(session):
                save_accounts(
                    session,
                    accounts.values(),
                    program_id=self.store.program_id,
                    now=self.store.now,
                    ledger_key=LEDGER_KEY,
                )

    def hold_and_perhaps_release(self) -> None:
        """Hold the points of a reward, and give back every second one."""
        number = self.rng.getrandbits(60)
        redemption_id = self.store.hold(
            customer=self.customer(), key=f"key-{number}", code=f"RG-{number}"
        )
        if number % 2:
            with self.store.session() as session:
                release_redemption(
                    session,
                    redemption_id=redemption_id,
                    reason="undone",
                    now=self.store.now,
                    ledger_key=LEDGER_KEY,
                )

    def adjust(self) -> None:
        """Give or take points, some of them twice."""
        member_id = self.store.member_id(self.customer())
        with self.store.session() as session:
            adjust_points(
                session,
                program_id=self.store.program_id,
                member_id=member_id,
                points=self.rng.randint(-20, 60),
                key=str(self.rng.randint(1, 1_000)),
                actor="staff:1",
                note=None,
                now=self.store.now,
                ledger_key=LEDGER_KEY,
            )

    def mature_and_expire(self) -> None:
        """Bring up to date whose points are due."""
        with self.store.session() as session:
            mature_and_expire(
                session,
                program_id=self.store.program_id,
                now=self.store.now,
                ledger_key=LEDGER_KEY,
            )

    def merge(self) -> None:
        """Make two customers one, now and then in a circle."""
        kept, merged = self.rng.sample(range(CUSTOMERS // 2, CUSTOMERS + 1), 2)
        with self.store.session() as session:
            merge_members(
                session,
                shop_id=self.store.shop_id,
                program_id=self.store.program_id,
                kept_customer_id=kept,
                merged_customer_id=merged,
                now=self.store.now,
                ledger_key=LEDGER_KEY,
            )

    def revise_tiers(self) -> None:
        """Reckon everybody's tier anew."""
        with self.store.session() as session:
            revise_tiers(session, program_id=self.store.program_id, now=self.store.now)
