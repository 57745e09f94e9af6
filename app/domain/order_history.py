"""An order's history: which state is its newest, and what the others told of its payment."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from app.domain.award import earns, partly_paid
from app.domain.order_facts import NO_FACTS, OrderFacts
from app.domain.order_snapshot import (
    OrderSnapshot,
    Refund,
    lacks_products,
    with_known_products,
    with_refunds,
)
from app.domain.program_rules import ProgramRules
from app.domain.rulebook import Rulebook

PAID_AT_ONCE = timedelta(hours=1)
"""An order that is told as paid within so long of being made was paid when it was placed."""


@dataclass(slots=True, kw_only=True)
class OrderState:
    """One order: its newest state and what earlier ones told."""

    order_id: int
    snapshot: OrderSnapshot | None = None
    read_stored: Callable[[], OrderSnapshot] | None = None
    """Gives the stored state, which is decoded only when it is needed."""
    stored_updated_at: datetime | None = None
    member_id: int | None = None
    counted_for: int | None = None
    """Whose days the stored `spend_minor` is part of."""
    counted_at: datetime | None = None
    """The stored `processed_at`, on whose day it is."""
    paid_at: datetime | None = None
    paid_state_at: datetime | None = None
    paid_spend_minor: int | None = None
    spend_minor: int = 0
    original_spend_minor: int = 0
    deleted_at: datetime | None = None
    granted_at: datetime | None = None
    """When back-fill let it earn, though it is older than earning."""
    seen_unpaid: bool = False
    taken_off: bool = False
    """Its customer was taken off it by what was told now."""
    refunds: list[Refund] = field(default_factory=list)
    """Announced by themselves."""
    facts: OrderFacts = NO_FACTS
    """What was pinned of its products and customer."""
    facts_wanted: bool = False
    """It cannot be reckoned before more facts are fetched."""
    paid_snapshot: OrderSnapshot | None = None
    """The newest state that earned, kept while a newer one does not or it waits for facts."""
    changed: bool = False
    ambiguous: bool = False
    """Two different states share the newest `updated_at`."""

    @property
    def payment_unknown(self) -> bool:
        """Whether it was paid once and nobody knows when: the Admin API has to be asked."""
        return self.paid_at is None and self.paid_state_at is not None

    def newest(self) -> OrderSnapshot | None:
        """Return the newest state as Shopify told it."""
        if self.snapshot is None and self.read_stored is not None:
            self.snapshot = self.read_stored()
        return self.snapshot

    def as_it_stands(self) -> OrderSnapshot | None:
        """Return the newest state with every refund seen."""
        newest = self.newest()
        return newest and with_refunds(newest, self.refunds)


class OrderStates(dict[int, OrderState]):
    """Order states by id; an unknown order gets an empty one."""

    def __missing__(self, order_id: int) -> OrderState:
        state = self[order_id] = OrderState(order_id=order_id)
        return state

    def tell(
        self,
        snapshots: Iterable[OrderSnapshot],
        refunded: Iterable[int],
        deleted: Iterable[int],
        *,
        rulebook: Rulebook,
        fetched: bool,
        now: datetime,
    ) -> list[OrderState]:
        """Tell the orders what is new; return those that changed or cannot be decided, by id.

        `refunded` are orders whose announced refunds are among their `refunds` now. A state that
        came straight from the Admin API (`fetched`) overrules another with the same `updated_at`.
        Orders of which no state is known yet are left out.
        """
        for snapshot in sorted(snapshots, key=_updated_at):
            tell(self[snapshot.order_id], snapshot, rulebook, fetched=fetched)
        for order_id in refunded:
            self[order_id].changed = True
        for order_id in deleted:
            tell_deleted(self[order_id], now)
        return [
            state
            for _, state in sorted(self.items())
            if (state.changed or state.ambiguous) and state.newest() is not None
        ]


def tell(state: OrderState, snapshot: OrderSnapshot, rulebook: Rulebook, *, fetched: bool) -> None:
    """Make `snapshot` the newest state if it is, and learn of the payment in any case.

    States are compared by `updated_at`, whatever the order of their arrival. One that came
    straight from the Admin API (`fetched`) overrules another with the same `updated_at`.
    """
    known_at = state.snapshot.updated_at if state.snapshot else state.stored_updated_at
    newer = known_at is None or snapshot.updated_at > known_at
    if not newer or lacks_products(snapshot):
        snapshot = _share_products(state, snapshot)
    if not newer and snapshot.updated_at == known_at:
        if snapshot == state.newest():
            if fetched:
                _learn_payment(state, snapshot, rulebook, newer=False, fetched=True)
            return
        state.ambiguous = not fetched
        newer = fetched
    _learn_payment(state, snapshot, rulebook, newer=newer, fetched=fetched)
    if newer:
        state.taken_off = _takes_customer_off(state, snapshot)
        state.snapshot = snapshot
        state.changed = True
        state.ambiguous = False


def _share_products(state: OrderState, snapshot: OrderSnapshot) -> OrderSnapshot:
    """Let two states of an order tell each other which products their lines were bought as."""
    newest = state.newest()
    if newest is None:
        return snapshot
    completed = with_known_products(newest, snapshot)
    if completed is not newest:
        state.snapshot, state.changed = completed, True
    return with_known_products(snapshot, newest)


def _takes_customer_off(state: OrderState, snapshot: OrderSnapshot) -> bool:
    """Return whether the order had a customer until this state of it, which is its newest.

    One whose customer was erased had none before: it stays with whom it earned for.
    """
    if state.member_id is None or snapshot.customer_id is not None:
        return False
    known = state.newest()
    return state.taken_off or (known is not None and known.customer_id is not None)


def tell_deleted(state: OrderState, now: datetime) -> None:
    """Note that the order is gone; a second time changes nothing."""
    if state.deleted_at is None:
        state.deleted_at = now
        state.changed = True


def grant(state: OrderState, now: datetime) -> None:
    """Let a past order earn from now on; a second time changes nothing."""
    if state.granted_at is None:
        state.granted_at = now
        state.changed = True


def reckon_again(state: OrderState) -> None:
    """Have the order reckoned again as it stands: its facts have come."""
    state.changed = True


def date_payment(state: OrderState) -> None:
    """Take the order as paid when it was placed: when it was paid, Shopify does not tell."""
    newest = state.newest() if state.payment_unknown else None
    if newest is not None:
        state.paid_at = newest.processed_at


def processing_order(state: OrderState) -> tuple[datetime, int]:
    """Return what orders are taken in by: the moment they were processed, then their id."""
    snapshot = state.newest()
    if snapshot is None:
        raise ValueError(state.order_id)
    return snapshot.processed_at, state.order_id


def _learn_payment(
    state: OrderState, snapshot: OrderSnapshot, rulebook: Rulebook, *, newer: bool, fetched: bool
) -> None:
    _, rules = rulebook.in_force(snapshot.processed_at)
    if not earns(snapshot, rules):
        if newer:
            _keep_paid_state(state, rules)
            _learn_that_it_was_paid(state, snapshot, rules)
        state.seen_unpaid = state.seen_unpaid or (newer and state.paid_state_at is None)
        return
    if state.paid_at is None:
        state.paid_at = _paid_at(state, snapshot, rules, fetched=fetched)
        state.changed = True
    known_at = state.paid_state_at
    if known_at is None or snapshot.updated_at > known_at or newer:
        # Also when it comes late, or with the newest, which may be only partly paid: this one says
        # how much was.
        state.paid_state_at, state.paid_snapshot = snapshot.updated_at, snapshot
        state.changed = True


def _keep_paid_state(state: OrderState, rules: ProgramRules) -> None:
    """Keep the state known so far if it earned: the new one does not, but may in part."""
    known = state.newest() if state.paid_snapshot is None and state.paid_state_at else None
    if known is not None and known.updated_at == state.paid_state_at and earns(known, rules):
        state.paid_snapshot = known


def _learn_that_it_was_paid(
    state: OrderState, snapshot: OrderSnapshot, rules: ProgramRules
) -> None:
    """Learn from a state with an edit still to be paid that the order was paid before it."""
    told = snapshot.told_paid_at is not None and rules.earn_on == "paid"
    if told and state.paid_at is None and partly_paid(snapshot):
        state.paid_at = _paid_at(state, snapshot, rules, fetched=True)


def _paid_at(
    state: OrderState, snapshot: OrderSnapshot, rules: ProgramRules, *, fetched: bool
) -> datetime | None:
    """Return when the order began to earn, as far as its first state that earns tells.

    None where a webhook is the first to tell of the order, long after it was made: that it is paid
    by then does not say since when.
    """
    if rules.earn_on == "paid":
        if snapshot.told_paid_at is not None:
            return max(snapshot.told_paid_at, snapshot.processed_at)
        # Made at Shopify, that is: what is imported there may have been placed years before.
        made_at = max(snapshot.created_at, snapshot.processed_at)
        late = snapshot.updated_at - made_at > PAID_AT_ONCE
        if late and not (fetched or state.seen_unpaid):
            return None
    return snapshot.updated_at if state.seen_unpaid else snapshot.processed_at


def _updated_at(snapshot: OrderSnapshot) -> datetime:
    return snapshot.updated_at
