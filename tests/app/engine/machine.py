"""Random stores: everything that can happen to orders, points and customers, in any order.

What is true (tests/app/engine/shop.py) and what the app is told of it are apart: every change puts
deliveries into an outbox, from which they are made late, twice, in any order, several at a time, or
not at all; what was lost is reconciled in the end, as every night. The app's side is a driver, which
may be made to crash in the middle of what it does next. After each run all deliveries are made, and
the oracle looks at the final state of things; then everything is told once more, which must not
change a thing.
"""

import random
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    precondition,
    rule,
)

from app.domain.order_snapshot import OrderLine, OrderSnapshot, Refund
from app.domain.program_rules import ProgramRules
from tests.app.engine import oracle
from tests.app.engine.drafts import LINES, ORDERS, RULES
from tests.app.engine.driver import Driver
from tests.app.engine.shop import (
    REFUNDED,
    CustomerTold,
    DeletionTold,
    Delivery,
    FetchAsked,
    GoneTold,
    MergeTold,
    OrderTold,
    RefundTold,
    Shop,
    TrueOrder,
    is_paid,
    may_be_paid,
)

START = datetime(2026, 1, 1, 3, tzinfo=UTC)
CUSTOMERS = st.integers(1, 4)
PICKS = st.integers(0, 30)
MINUTES = st.sampled_from([1, 1, 1, 0, 60])
Make = Callable[[ProgramRules, datetime], Driver]


class RandomStore(RuleBasedStateMachine):
    """One store's life; subclasses say what drives it."""

    make: Make

    def __init__(self) -> None:
        super().__init__()
        self.now = START
        self.numbers = iter(range(1, 1_000_000))
        self.made: list[Delivery] = []

    # What is set up.

    @initialize(
        rules=RULES,
        seed=st.integers(0, 99),
        orders=st.lists(st.tuples(CUSTOMERS, ORDERS), min_size=1, max_size=4),
    )
    def open_store(self, rules: ProgramRules, seed: int, orders: list[tuple[int, dict]]) -> None:
        self.random = random.Random(seed)
        self.driver = type(self).make(rules, self.now)
        self.shop = Shop(versions=[(self.now, rules)], earning_starts_at=self.now)
        for customer, draft in orders:
            self._place(draft, customer, None)
        self.deliver_all()

    def _pass(self, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)
        self.driver.now = self.now

    def _pick(self, pick: int, wanted: Callable[[TrueOrder], bool]) -> int | None:
        """Return the id of one of the orders that are wanted, None when there is none."""
        ids = [
            id_ for id_, order in self.shop.orders.items() if not order.deleted and wanted(order)
        ]
        return ids[pick % len(ids)] if ids else None

    # What happens at the shop.

    def _place(self, draft: dict, customer: int, code: int | None, before: int = 0) -> None:
        id_ = next(self.numbers)
        codes = list(self.shop.codes)
        at = self.now - timedelta(days=before)
        order = OrderSnapshot(
            order_id=id_,
            name=f"#{id_}",
            customer_id=customer if customer and not self.shop.is_gone(customer) else None,
            currency="USD",
            created_at=at,
            processed_at=at,
            updated_at=self.now,
            cancelled_at=None,
            discount_codes=() if code is None or not codes else (codes[code % len(codes)],),
            **draft,
        )
        self.shop.orders[id_] = TrueOrder(order)
        self.shop.outbox += [OrderTold(order)] * (1 + code % 2 if code else 1)

    @rule(
        customer=st.integers(0, 4),
        draft=ORDERS,
        minutes=MINUTES,
        before=st.sampled_from([0] * 9 + [30]),
    )
    def place_order(self, customer: int, draft: dict, minutes: int, before: int) -> None:
        """A customer, or a guest (0), buys."""
        self._pass(minutes)
        self._place(draft, customer, None, before)

    @rule(customer=CUSTOMERS, draft=ORDERS)
    def place_order_and_tell(self, customer: int, draft: dict) -> None:
        """A customer buys, and the app hears of it at once."""
        self._pass(1)
        self._place(draft, customer, None)
        self.deliver_all()

    @precondition(lambda self: self.shop.codes)
    @rule(
        customer=st.integers(0, 4), draft=ORDERS, code=PICKS, minutes=MINUTES, at_once=st.booleans()
    )
    def place_order_with_code(
        self, customer: int, draft: dict, code: int, minutes: int, at_once: bool
    ) -> None:
        """Somebody buys with a redemption's code, whatever became of it."""
        self._pass(minutes)
        self._place(draft, customer, code)
        if at_once:
            self.deliver_all()

    @precondition(lambda self: self.shop.orders)
    @rule(
        pick=PICKS,
        status=st.sampled_from(["paid", "paid", "authorized", "partially_paid", "voided"]),
        minutes=MINUTES,
    )
    def pay(self, pick: int, status: str, minutes: int) -> None:
        """An open order is paid, partly paid, authorised or voided; what an edit added is paid."""
        id_ = self._pick(pick, lambda order: may_be_paid(order.now))
        if id_ is None:
            return
        self._pass(minutes)
        order = self.shop.orders[id_].now
        if order.financial_status in REFUNDED:
            self.shop.change(id_, self.now, outstanding_minor=0)
        else:
            left = order.outstanding_minor if status == "partially_paid" else 0
            self.shop.change(id_, self.now, financial_status=status, outstanding_minor=left)

    @precondition(lambda self: self.shop.orders)
    @rule(pick=PICKS, line=LINES, paid=st.booleans(), minutes=MINUTES)
    def add_line(self, pick: int, line: OrderLine, paid: bool, minutes: int) -> None:
        """An order is edited: a line more, paid at once or not yet."""
        id_ = self._pick(pick, lambda order: order.now.cancelled_at is None)
        if id_ is not None:
            self._pass(minutes)
            self._add(id_, line, paid)

    def _add(self, id_: int, line: OrderLine, paid: bool) -> None:
        order = self.shop.orders[id_].now
        number = len(order.lines) + 1
        changes: dict = {
            "lines": (*order.lines, replace(line, line_id=number, product_id=1 + number % 3))
        }
        if is_paid(order) and not paid:
            changes["outstanding_minor"] = line.gross_minor + 1
            if order.financial_status not in REFUNDED:
                changes["financial_status"] = "partially_paid"
        self.shop.change(id_, self.now, **changes)

    @precondition(lambda self: self.shop.orders)
    @rule(pick=PICKS, which=PICKS, more=st.booleans(), minutes=MINUTES)
    def change_quantity(self, pick: int, which: int, more: bool, minutes: int) -> None:
        """An order is edited: one piece more of a line, or one less, down to none."""
        id_ = self._pick(pick, lambda order: bool(order.open_lines) and not order.now.cancelled_at)
        if id_ is None:
            return
        self._pass(minutes)
        open_lines = self.shop.orders[id_].open_lines
        line = open_lines[which % len(open_lines)]
        if more:
            each = line.gross_minor // line.quantity
            edited = replace(
                line,
                quantity=line.quantity + 1,
                current_quantity=line.current_quantity + 1,
                gross_minor=line.gross_minor + each,
            )
        else:
            edited = replace(line, current_quantity=line.current_quantity - 1)
        self.shop.edit(id_, self.now, line.line_id, lambda _: edited)

    @precondition(lambda self: self.shop.orders)
    @rule(
        pick=PICKS,
        which=PICKS,
        kind=st.sampled_from(["line", "line", "amount", "shipping", "whole", "exchange"]),
        amount=st.sampled_from([1, 500, 5_000]),
        line=LINES,
        minutes=MINUTES,
    )
    def refund(
        self, pick: int, which: int, kind: str, amount: int, line: OrderLine, minutes: int
    ) -> None:
        """A paid order is refunded by line, by an amount, shipping only, wholly, or exchanged."""
        id_ = self._pick(pick, _refundable)
        if id_ is None:
            return
        self._pass(minutes)
        open_lines = self.shop.orders[id_].open_lines
        picked = open_lines if kind == "whole" else [open_lines[which % len(open_lines)]]
        by_line = kind in ("line", "whole", "exchange")
        pieces = [
            (each.line_id, each.current_quantity if kind == "whole" else 1) for each in picked
        ]
        refund = Refund(
            refund_id=next(self.numbers),
            created_at=self.now,
            line_quantities=tuple(pieces) if by_line else (),
            amount_minor=amount if kind == "amount" else 0,
            shipping_minor=amount if kind in ("shipping", "whole") else 0,
        )
        self.shop.refund(id_, self.now, refund)
        if kind == "exchange":
            self._add(id_, line, paid=True)

    @precondition(lambda self: self.shop.codes)
    @rule(pick=PICKS, which=PICKS)
    def send_back_what_a_reward_paid(self, pick: int, which: int) -> None:
        """A piece of an order that used a code comes back, and the app hears of it at once."""
        id_ = self._pick(pick, lambda order: _refundable(order) and bool(order.now.discount_codes))
        if id_ is None:
            return
        self._pass(1)
        open_lines = self.shop.orders[id_].open_lines
        piece = (open_lines[which % len(open_lines)].line_id, 1)
        refund = Refund(refund_id=next(self.numbers), created_at=self.now, line_quantities=(piece,))
        self.shop.refund(id_, self.now, refund)
        self.deliver_all()

    @precondition(lambda self: self.shop.orders)
    @rule(
        pick=PICKS,
        change=st.sampled_from(["cancel", "archive", "fulfil", "unfulfil", "delete"]),
        minutes=MINUTES,
    )
    def handle(self, pick: int, change: str, minutes: int) -> None:
        """An order is cancelled, archived or reopened, fulfilled, or deleted."""
        id_ = self._pick(pick, lambda _: True)
        if id_ is None:
            return
        self._pass(minutes)
        if change == "delete":
            self.shop.orders[id_].deleted = True
            self.shop.outbox.append(DeletionTold(id_))
        elif change == "cancel":
            cancelled_at = self.shop.orders[id_].now.cancelled_at or self.now
            self.shop.change(id_, self.now, cancelled_at=cancelled_at)
        elif change == "archive":
            self.shop.change(id_, self.now)
        else:
            self.shop.change(id_, self.now, fulfilled=change == "fulfil")

    @precondition(lambda self: self.shop.orders)
    @rule(pick=PICKS, customer=CUSTOMERS, minutes=MINUTES)
    def move_order(self, pick: int, customer: int, minutes: int) -> None:
        """An order is given to another customer, or a guest's is claimed."""
        id_ = self._pick(pick, lambda _: True)
        if id_ is not None and not self.shop.is_gone(customer):
            self._pass(minutes)
            self.shop.change(id_, self.now, customer_id=customer)

    @precondition(lambda self: self.shop.orders)
    @rule(pick=PICKS, minutes=MINUTES)
    def take_customer_off(self, pick: int, minutes: int) -> None:
        """An order's customer is taken off it."""
        id_ = self._pick(pick, lambda order: order.now.customer_id is not None)
        if id_ is not None:
            self._pass(minutes)
            self.shop.change(id_, self.now, customer_id=None)

    @precondition(lambda self: len(self.shop.sign_ups) < 4)
    @rule(customer=CUSTOMERS)
    def sign_up(self, customer: int) -> None:
        """A customer signs up."""
        if not self.shop.is_gone(customer) and customer not in self.shop.sign_ups:
            self.shop.sign_ups[customer] = self.now
            self.shop.outbox.append(CustomerTold(customer, self.now))

    @precondition(lambda self: len(self.shop.merged) < 2)
    @rule(kept=CUSTOMERS, merged=CUSTOMERS)
    def merge_customers(self, kept: int, merged: int) -> None:
        """Two customers become one."""
        kept = self.shop.kept(kept)
        out = self.shop.gone | set(self.shop.merged)
        if kept != merged and not out & {kept, merged}:
            self.shop.merged[merged] = kept
            self.shop.outbox.append(MergeTold(kept, merged))

    # What members and staff do.

    @rule(pick=PICKS, points=st.sampled_from([100, 100, 150, 200]))
    def redeem(self, pick: int, points: int) -> None:
        """A member buys a reward, and sends the request twice."""
        rich = self.driver.who_has(points)
        if not rich:
            return
        customer = rich[pick % len(rich)]
        code = f"RG-{next(self.numbers)}"
        number = self.driver.hold(customer, points, code, code)
        if number is not None:
            self.shop.codes[code] = number
            assert self.driver.hold(customer, points, code, code) in (number, None)

    @rule(pick=PICKS, customer=st.integers(0, 4), draft=ORDERS)
    def redeem_and_buy(self, pick: int, customer: int, draft: dict) -> None:
        """A member buys a reward, and uses it at once."""
        self.redeem(pick, 100)
        if self.shop.codes:
            self._pass(1)
            self._place(draft, customer, len(self.shop.codes) - 1)
            self.deliver_all()

    @precondition(lambda self: self.shop.codes)
    @rule(pick=PICKS, reason=st.sampled_from(["ready", "undone", "lapsed", "refused"]))
    def follow_up(self, pick: int, reason: str) -> None:
        """A redemption gets its code, is undone, lapses, or is refused by Shopify."""
        codes = sorted(self.shop.codes)
        number = self.shop.codes[codes[pick % len(codes)]]
        if reason == "ready":
            self.driver.ready(number)
        else:
            self.driver.release(number, reason)

    @rule(customer=CUSTOMERS, points=st.sampled_from([120, 30, -30, -100]))
    def adjust(self, customer: int, points: int) -> None:
        """Staff give or take points, and press the button twice."""
        key = f"key-{next(self.numbers)}"
        if self.driver.adjust(customer, points, key):
            self.shop.adjusted += points
            self.driver.adjust(customer, points, key)

    @rule(rules=RULES)
    def publish(self, rules: ProgramRules) -> None:
        """The merchant publishes other rules."""
        if rules != self.shop.versions[-1][1]:
            self._pass(1)
            self.driver.publish(rules)
            self.shop.versions.append((self.now, rules))

    @precondition(lambda self: len(self.shop.gone) < 2 and len(self.shop.orders) > 4)
    @rule(customer=CUSTOMERS, redacted=st.booleans(), at_once=st.booleans())
    def lose_customer(self, customer: int, redacted: bool, at_once: bool) -> None:
        """A customer is deleted or has their data erased, merged or not; some are both."""
        if redacted or customer not in self.shop.merged:
            self._pass(1)
            self.shop.gone.add(customer)
            self.shop.outbox.append(GoneTold(customer, redacted))
            if at_once:
                self.deliver_all()

    # What passes, and what goes wrong.

    @rule(days=st.sampled_from([1, 14, 35, 100, 400]))
    def time_jump(self, days: int) -> None:
        """Time passes."""
        self._pass(days * 24 * 60)

    @rule()
    def run_job(self) -> None:
        """The job that matures and expires runs at last."""
        self.driver.settle_due()

    @rule()
    def fetch_facts(self) -> None:
        """The job that fetches what rules ask of products and customers runs."""
        self.driver.fetch_facts()

    @rule(steps=st.integers(0, 30))
    def crash_next(self, steps: int) -> None:
        """What is done next breaks off after some steps, and is done again."""
        self.driver.crash_after = steps

    @precondition(lambda self: self.shop.outbox)
    @rule(picks=st.lists(PICKS, min_size=1, max_size=5), keep=st.sampled_from([False, False, True]))
    def deliver(self, picks: list[int], keep: bool) -> None:
        """Some of what waits is delivered, together; with `keep`, it will come once more."""
        outbox = self.shop.outbox
        chosen = [outbox[index] for index in sorted({pick % len(outbox) for pick in picks})]
        if not keep:
            for delivery in chosen:
                outbox.remove(delivery)
        self.random.shuffle(chosen)
        self._make(chosen)

    @precondition(lambda self: self.shop.outbox)
    @rule()
    def deliver_all(self) -> None:
        """All that waits is delivered together, in the order it was told."""
        outbox, self.shop.outbox = self.shop.outbox, []
        self._make(outbox)

    @precondition(lambda self: self.shop.outbox)
    @rule(pick=PICKS)
    def lose(self, pick: int) -> None:
        """One delivery is lost; the order will be reconciled."""
        delivery = self.shop.outbox[pick % len(self.shop.outbox)]
        if isinstance(delivery, OrderTold | RefundTold):
            self.shop.outbox.remove(delivery)
            id_ = (
                delivery.order_id
                if isinstance(delivery, RefundTold)
                else delivery.snapshot.order_id
            )
            self.shop.orders[id_].missed = True

    @precondition(lambda self: any(order.missed for order in self.shop.orders.values()))
    @rule()
    def reconcile(self) -> None:
        """What was lost is compared with Shopify, and fetched."""
        self._fetch([id_ for id_, order in self.shop.orders.items() if order.missed])

    def _make(self, deliveries: list[Delivery]) -> None:
        """Make deliveries as the drain does: those of orders together, others by themselves."""
        self.made += deliveries
        snapshots, refunds, deleted, fetch = [], [], [], []
        for delivery in deliveries:
            match delivery:
                case OrderTold(snapshot):
                    snapshots.append(snapshot)
                    self.shop.orders[snapshot.order_id].told.append(snapshot)
                case RefundTold(order_id, refund):
                    refunds.append((order_id, refund))
                case DeletionTold(order_id):
                    deleted.append(order_id)
                case FetchAsked(order_id):
                    fetch.append(order_id)
                case CustomerTold(customer, created_at):
                    self.driver.enrol(customer, created_at)
                case MergeTold(kept, merged):
                    self.driver.merge(kept, merged)
                case GoneTold(customer, redacted):
                    (self.driver.redact if redacted else self.driver.delete)(customer)
        if snapshots or refunds or deleted:
            asked = self.driver.take_in(snapshots, refunds, deleted)
            self.shop.outbox += [FetchAsked(order_id) for order_id in asked]
        self._fetch(fetch)

    def _fetch(self, order_ids: list[int]) -> None:
        """Fetch orders as they are now; Shopify tells nothing of deleted ones."""
        orders = [self.shop.orders[id_] for id_ in order_ids]
        orders = [order for order in orders if not order.deleted]
        if orders:
            asked = list(self.driver.take_in([order.now for order in orders], fetched=True))
            assert not asked
        for order in orders:
            order.told.append(order.now)
            order.missed = False

    # What must hold.

    def teardown(self) -> None:
        """Make all deliveries, reconcile, settle, and ask the oracle."""
        if sys.exc_info()[1] is not None or not hasattr(self, "driver"):
            return
        self._make_all()
        self._fetch([id_ for id_, order in self.shop.orders.items() if order.missed])
        self._make_all()
        self.driver.fetch_facts()
        self.driver.settle_due()
        books = self.driver.books()
        oracle.check(books, self.shop, self.now)
        wrong = self.driver.prove()
        assert not wrong, wrong
        again, self.made = self.made, []
        self.random.shuffle(again)
        self._make(again)
        assert len(self.driver.books().moves) == len(books.moves)

    def _make_all(self) -> None:
        while self.shop.outbox:
            outbox, self.shop.outbox = self.shop.outbox, []
            self.random.shuffle(outbox)
            while outbox:
                size = self.random.randint(1, 4)
                self._make(outbox[:size])
                del outbox[:size]


def _refundable(order: TrueOrder) -> bool:
    """Whether it was paid for: an edit since, which is not, is told by what is outstanding."""
    paid = is_paid(order.now) or order.now.outstanding_minor > 0
    return paid and bool(order.open_lines)
