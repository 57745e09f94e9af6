"""Takes in the newest states of orders: the one path by which orders earn, shrink and settle."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app.db.rulebook import load_rulebook
from app.db.shop_lock import ask_turn
from app.db.wire import one_trip
from app.domain.order_history import processing_order
from app.domain.order_snapshot import OrderSnapshot
from app.services.order_batch import load_engine, take_in
from app.services.order_states import RefundSeen, collect_order_states


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchResult:
    """What a batch of order states came to."""

    orders_stored: int
    """Orders whose newest state changed."""
    orders_awarded: int
    """Orders whose award was made or reckoned again."""
    points_posted: int
    """The sum of what awards changed by."""
    fetch_order_ids: tuple[int, ...]
    """Two different states share `updated_at`: fetch these orders and take them in as fetched."""
    facts_wanted: bool
    """Some orders wait for facts: enqueue `fetch_order_facts` for the shop."""
    taken_again: tuple[int, ...]
    """Redemptions that were released and used all the same: their points were taken again."""


def award_orders(
    session: Session,
    *,
    shop_id: int,
    program_id: int,
    snapshots: Sequence[OrderSnapshot],
    now: datetime,
    ledger_key: bytes,
    refunds: Sequence[RefundSeen] = (),
    deleted_order_ids: Sequence[int] = (),
    granted_order_ids: Sequence[int] = (),
    completed_order_ids: Sequence[int] = (),
    fetched: bool = False,
) -> BatchResult:
    """Keep the newest state of each order, post what its award changed by, settle its codes.

    Order of arrival, duplicates and delays do not matter. `refunds` are (order id, refund) as
    announced by refunds/create, before or after their order. `granted_order_ids` are known orders
    from before earning began that back-fill lets earn from `now` on, `completed_order_ids` known
    ones whose facts have come, and whose payment is not told any better than it is by now. Members
    are locked in the order of their ids; a shop's batches take turns.
    """
    with one_trip(session) as trip:
        ask_turn(trip, shop_id)
        rulebook = load_rulebook(session, program_id)
    states = collect_order_states(
        session,
        shop_id=shop_id,
        rulebook=rulebook,
        snapshots=snapshots,
        refunds=refunds,
        deleted_order_ids=deleted_order_ids,
        granted_order_ids=granted_order_ids,
        completed_order_ids=completed_order_ids,
        fetched=fetched,
        now=now,
    )
    changed = [state for state in states if state.changed]
    engine = load_engine(session, shop_id, rulebook, changed, now, ledger_key)
    take_in(session, shop_id, engine, sorted(changed, key=processing_order), ledger_key)
    return BatchResult(
        orders_stored=len(changed),
        orders_awarded=len(engine.new_awards) + len(engine.revised_awards),
        points_posted=engine.points_posted,
        fetch_order_ids=tuple(state.order_id for state in states if state.ambiguous),
        facts_wanted=any(state.facts_wanted for state in engine.taken_in),
        taken_again=tuple(engine.redemptions.taken_again),
    )
