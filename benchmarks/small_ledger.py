"""A small shop's history through the app's own services: what benchmarks and proofs work on.

Sign-ups, orders of one to four lines, partial and full refunds, cancellations, codes that are used,
undone and lapse, adjustments by staff, merged customers, points that mature and expire.
"""

import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db.encryption import code_hash
from app.db.models import MemberIdentity, Reward
from app.db.session import Database, Tenant
from app.domain.errors import NotEnoughPoints
from app.domain.order_snapshot import OrderLine, OrderSnapshot, Refund
from app.services.adjust_points import adjust_points
from app.services.award_orders import award_orders
from app.services.enrol_customers import CustomerState, PersonalData, enrol_customers
from app.services.hold_points import hold_points
from app.services.mark_redemption_ready import mark_redemption_ready
from app.services.mature_and_expire import mature_and_expire
from app.services.merge_members import merge_members
from app.services.release_redemption import release_redemption

START = datetime(2025, 3, 1, 9, tzinfo=UTC)
BATCH = 500
NOBODY = PersonalData(name=None, email=None, email_hash=None)
TITLES = (
    "Jasmine tea from the north, 250 g",
    "Stoneware cup, glazed by hand",
    "Oolong, high mountain, spring picking",
    "Gift box with three teas",
    "Bamboo whisk",
)


@dataclass(slots=True, kw_only=True)
class SmallLedger:
    """Lets a shop live through some months, a few days at a time."""

    database: Database
    tenant: Tenant
    ledger_key: bytes
    customers: int
    orders_a_step: int
    step_days: int = 1
    rng: random.Random = field(default_factory=lambda: random.Random(2026))
    now: datetime = START
    orders: int = 0
    codes: int = 0
    recent: list[OrderSnapshot] = field(default_factory=list)
    open_codes: dict[str, tuple[int, int]] = field(default_factory=dict)
    """Redemption and customer by code."""

    def live(self, days: int) -> None:
        """Let `days` pass; customers sign up in ten parts."""
        steps = range(days // self.step_days)
        for step in steps:
            if step * 10 // len(steps) > (step - 1) * 10 // len(steps):
                self._sign_up(step * 10 // len(steps))
            self._sell()
            self._take_codes()
            if step % 6 == 5:
                self._adjust_and_merge()
            self.now += timedelta(days=self.step_days)
            self._bring_up_to_date()

    @contextmanager
    def _session(self) -> Iterator[Session]:
        with self.database.tenant(self.tenant) as session:
            yield session

    @property
    def _program_id(self) -> int:
        return self.tenant.program_id or 0

    @property
    def _shop_id(self) -> int:
        return self.tenant.shop_id or 0

    def _sign_up(self, part: int) -> None:
        """Enrol a tenth of the customers."""
        states = [
            CustomerState(
                customer_id=customer_id,
                created_at=self.now,
                updated_at=self.now,
                personal=NOBODY,
            )
            for customer_id in range(1, self.customers + 1)
            if customer_id % 10 == part
        ]
        with self._session() as session:
            enrol_customers(
                session,
                shop_id=self._shop_id,
                program_id=self._program_id,
                customers=states,
                now=self.now,
                ledger_key=self.ledger_key,
            )

    def _sell(self) -> None:
        """Take in a step's orders, with the codes that they use, and what was sent back."""
        codes = [code for code in list(self.open_codes) if self.rng.random() < 0.2]
        new = [self._order(codes.pop() if codes else None) for _ in range(self.orders_a_step)]
        changed = [
            self._changed(order) for order in self._some_recent(max(self.orders_a_step // 8, 1))
        ]
        self._take_in([*new, *changed])
        self.recent = (self.recent + new)[-20 * self.orders_a_step :]

    def _take_in(self, snapshots: list[OrderSnapshot]) -> None:
        for start in range(0, len(snapshots), BATCH):
            with self._session() as session:
                award_orders(
                    session,
                    shop_id=self._shop_id,
                    program_id=self._program_id,
                    snapshots=snapshots[start : start + BATCH],
                    now=self.now,
                    ledger_key=self.ledger_key,
                )

    def _order(self, code: str | None) -> OrderSnapshot:
        self.orders += 1
        at = self.now + timedelta(minutes=self.orders % 600)
        customer_id = self.rng.randint(1, self.customers)
        if code is not None:
            _, customer_id = self.open_codes.pop(code)
        return OrderSnapshot(
            order_id=self.orders,
            name=f"#{1000 + self.orders}",
            customer_id=customer_id,
            currency="USD",
            created_at=at,
            processed_at=at,
            updated_at=at,
            financial_status="paid",
            fulfilled=False,
            cancelled_at=None,
            test=False,
            taxes_included=False,
            lines=tuple(self._line(number) for number in range(self.rng.randint(1, 4))),
            shipping_minor=500,
            shipping_tax_minor=35,
            discount_codes=(code,) if code else (),
        )

    def _line(self, number: int) -> OrderLine:
        quantity = self.rng.randint(1, 3)
        return OrderLine(
            line_id=self.orders * 10 + number,
            product_id=self.rng.randrange(10_000),
            title=self.rng.choice(TITLES),
            quantity=quantity,
            current_quantity=quantity,
            gross_minor=self.rng.randrange(500, 12_000) * quantity,
            discount_minor=100,
            tax_minor=70,
        )

    def _some_recent(self, count: int) -> list[OrderSnapshot]:
        self.rng.shuffle(self.recent)
        taken, self.recent = self.recent[:count], self.recent[count:]
        return taken

    def _changed(self, order: OrderSnapshot) -> OrderSnapshot:
        """Return the order cancelled, or with some of its first line sent back."""
        if self.rng.random() < 0.2:
            return replace(order, updated_at=self.now, cancelled_at=self.now)
        first, *rest = order.lines
        sent_back = self.rng.randint(1, first.quantity)
        refund = Refund(
            refund_id=order.order_id,
            created_at=self.now,
            line_quantities=((first.line_id, sent_back),),
        )
        kept = replace(first, current_quantity=first.quantity - sent_back)
        return replace(
            order,
            updated_at=self.now,
            financial_status="partially_refunded",
            lines=(kept, *rest),
            refunds=(refund,),
        )

    def _take_codes(self) -> None:
        """Let some members take a code; one in six is undone, others lapse in time."""
        for _ in range(self.orders_a_step // 6):
            customer_id = self.rng.randint(1, self.customers)
            self.codes += 1
            code = f"RG-{self.codes:07d}"
            with self._session() as session:
                held = self._hold(session, customer_id, code)
            if held is None:
                continue
            if self.rng.random() < 0.17:
                self._release(held, "undone")
            else:
                self.open_codes[code] = (held, customer_id)
        old = list(self.open_codes)[: -6 * self.orders_a_step]
        for code in old:
            self._release(self.open_codes.pop(code)[0], "lapsed")

    def _hold(self, session: Session, customer_id: int, code: str) -> int | None:
        member_id = self._member_id(session, customer_id)
        reward_id = session.scalars(
            select(Reward.id).where(Reward.program_id == self._program_id).order_by(Reward.points)
        ).first()
        if member_id is None or reward_id is None:
            return None
        try:
            held = hold_points(
                session,
                program_id=self._program_id,
                shop_id=self._shop_id,
                member_id=member_id,
                reward_id=reward_id,
                idempotency_key=code,
                customer_id=customer_id,
                surface="widget",
                seal=lambda _: (b"sealed", code_hash(self.ledger_key, code)),
                now=self.now,
                ledger_key=self.ledger_key,
            )
        except NotEnoughPoints:
            return None
        mark_redemption_ready(
            session, redemption_id=held.id, discount_gid=f"gid://{code}", now=self.now
        )
        return held.id

    def _member_id(self, session: Session, customer_id: int) -> int | None:
        return session.scalar(
            select(MemberIdentity.member_id).where(
                MemberIdentity.shop_id == self._shop_id, MemberIdentity.customer_id == customer_id
            )
        )

    def _release(self, redemption_id: int, reason: str) -> None:
        with self._session() as session:
            release_redemption(
                session,
                redemption_id=redemption_id,
                reason="lapsed" if reason == "lapsed" else "undone",
                now=self.now,
                ledger_key=self.ledger_key,
            )

    def _adjust_and_merge(self) -> None:
        one, other = self.rng.sample(range(1, self.customers + 1), 2)
        with self._session() as session:
            member_id = self._member_id(session, one)
            if member_id is not None:
                adjust_points(
                    session,
                    program_id=self._program_id,
                    member_id=member_id,
                    points=25,
                    key=f"gift-{self.now:%Y%m%d}",
                    actor="staff:1",
                    note=None,
                    now=self.now,
                    ledger_key=self.ledger_key,
                )
        if self.rng.random() < 0.5:
            with self._session() as session:
                merge_members(
                    session,
                    shop_id=self._shop_id,
                    program_id=self._program_id,
                    kept_customer_id=one,
                    merged_customer_id=other,
                    now=self.now,
                    ledger_key=self.ledger_key,
                )

    def _bring_up_to_date(self) -> None:
        done = 1
        while done:
            with self._session() as session:
                done = mature_and_expire(
                    session,
                    program_id=self._program_id,
                    now=self.now,
                    ledger_key=self.ledger_key,
                )
