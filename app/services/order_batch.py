"""The orders of a batch with all that they touch: read at once, and written at once."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from app.db.accounts import accounts_of, ask_accounts, load_lots, save_accounts, save_moves
from app.db.awards import ask_order_awards, award_row, order_awards_of, revised_award_row
from app.db.bulk import Row, insert_rows, update_rows, upsert_rows, without_waiting
from app.db.ids import ask_ids, ids_of
from app.db.models import Award, CustomerOrder
from app.db.models import Lot as LotRow
from app.db.tier_tally import load_tally, save_tally
from app.db.wire import one_trip
from app.domain.expiry import ExpiryTerms
from app.domain.member_account import MemberAccount
from app.domain.order_award import OrderAward
from app.domain.order_engine import OrderEngine
from app.domain.order_history import OrderState
from app.domain.rulebook import Rulebook
from app.services.ensure_members import ensure_members
from app.services.merged_rows import expired_lots
from app.services.settle_redemptions import (
    RedemptionLoader,
    save_redemptions,
    save_their_allocations,
    take_stock_again,
)

ORDERS_AT_A_TIME = 100
"""Sent to PostgreSQL together."""


def load_engine(
    session: Session,
    shop_id: int,
    rulebook: Rulebook,
    states: Sequence[OrderState],
    now: datetime,
    ledger_key: bytes,
) -> OrderEngine:
    """Enrol, lock and load all that the orders touch."""
    _find_members(session, shop_id, rulebook, states)
    loader = RedemptionLoader(session, shop_id, states, ledger_key)
    order_ids = {source_id(shop_id, state.order_id): state.order_id for state in states}
    with one_trip(session) as trip:
        redeeming_members = loader.ask_members(trip)
        known_awards = ask_order_awards(trip, rulebook.program_id, order_ids)
    redeeming = {member_id for (member_id,) in redeeming_members.rows}
    awards = {order_ids[found]: award for found, award in order_awards_of(known_awards).items()}
    members = {state.member_id for state in states if state.member_id is not None}
    members |= {award.member_id for award in awards.values()}
    members |= {state.counted_for for state in states if state.counted_for is not None}
    with one_trip(session) as trip:
        locked = ask_accounts(trip, members | redeeming)
        redemptions = loader.ask(trip)
        award_ids = ask_ids(trip, Award, len(states))
        lot_ids = ask_ids(trip, LotRow, len(states))
        tally = load_tally(session, rulebook, members, now)
    accounts = accounts_of(locked)
    loader.load(redemptions)
    with_lots = {award.member_id for award in awards.values()} | redeeming
    terms = rulebook.expiry_terms
    idle = _idle_members(states, accounts, terms, now)
    load_lots(
        session,
        [
            account
            for member_id, account in accounts.items()
            if member_id in with_lots or member_id in idle or account.due_by(now)
        ],
        award_ids=[award.id for award in awards.values()],
        lot_ids=[*loader.lot_ids(), *expired_lots(session, idle)],
    )
    for account in accounts.values():
        account.bring_up_to(now, terms)
    return OrderEngine(
        rulebook=rulebook,
        now=now,
        accounts=accounts,
        awards=awards,
        new_ids=zip(ids_of(award_ids), ids_of(lot_ids), strict=True),
        tally=tally,
        redemptions=loader.with_accounts(accounts),
    )


def take_in(
    session: Session,
    shop_id: int,
    engine: OrderEngine,
    states: Sequence[OrderState],
    ledger_key: bytes,
) -> None:
    """Take the orders in and write everything, rows that others point to first.

    While PostgreSQL writes some orders with their postings, the next are reckoned.
    """
    accounts = engine.accounts.values()
    with without_waiting(session) as trip:
        for start in range(0, len(states), ORDERS_AT_A_TIME):
            part = states[start : start + ORDERS_AT_A_TIME]
            for state in part:
                engine.take_in(state)
            _save_orders(session, shop_id, engine, sorted(part, key=_order_id))
            save_moves(
                session,
                accounts,
                program_id=engine.rulebook.program_id,
                now=engine.now,
                ledger_key=ledger_key,
            )
            trip.send()
        engine.bring_up_to_date()
        save_redemptions(session, engine.redemptions)
        save_accounts(
            session,
            accounts,
            program_id=engine.rulebook.program_id,
            now=engine.now,
            ledger_key=ledger_key,
        )
        save_their_allocations(session, engine.redemptions, engine.rulebook.program_id)
        save_tally(session, engine.tally)
    take_stock_again(session, engine.redemptions)


def source_id(shop_id: int, order_id: int) -> str:
    """Return what an order's award names as its source."""
    return f"{shop_id}:{order_id}"


def _find_members(
    session: Session, shop_id: int, rulebook: Rulebook, states: Sequence[OrderState]
) -> None:
    """Tie each order that names a customer to their member; the others wait."""
    joined: dict[int, datetime] = {}
    for state in states:
        snapshot = state.newest()
        if snapshot is not None and snapshot.customer_id is not None:
            first = joined.get(snapshot.customer_id, snapshot.processed_at)
            joined[snapshot.customer_id] = min(first, snapshot.processed_at)
    members = ensure_members(session, shop_id=shop_id, rulebook=rulebook, joined=joined)
    for state in states:
        snapshot = state.newest()
        if snapshot is not None and snapshot.customer_id is not None:
            state.member_id = members.get(snapshot.customer_id, state.member_id)


def _idle_members(
    states: Iterable[OrderState],
    accounts: Mapping[int, MemberAccount],
    terms: ExpiryTerms,
    now: datetime,
) -> set[int]:
    """Return whose points may have expired for want of the activity that these orders are."""
    return {
        state.member_id
        for state in states
        if state.member_id is not None
        and state.paid_at is not None
        and state.paid_at > accounts[state.member_id].last_active_at
        and terms.may_have_ended(accounts[state.member_id].last_active_at, now)
    }


def _order_row(shop_id: int, state: OrderState) -> Row:
    snapshot = state.newest()
    if snapshot is None:
        raise ValueError(state.order_id)
    return {
        "shop_id": shop_id,
        "order_id": state.order_id,
        "name": snapshot.name,
        "customer_id": snapshot.customer_id,
        "member_id": state.member_id,
        "processed_at": snapshot.processed_at,
        "updated_at": snapshot.updated_at,
        "paid_at": state.paid_at,
        "paid_state_at": state.paid_state_at,
        "paid_spend_minor": state.paid_spend_minor,
        "spend_minor": state.spend_minor,
        "original_spend_minor": state.original_spend_minor,
        "snapshot": snapshot,
        "deleted_at": state.deleted_at,
        "granted_at": state.granted_at,
        "facts_wanted": state.facts_wanted,
        # What it was counts; who had it is told by the newest state, and forgotten with that.
        "paid_snapshot": state.paid_snapshot and replace(state.paid_snapshot, customer_id=None),
    }


def _save_orders(
    session: Session, shop_id: int, engine: OrderEngine, states: Sequence[OrderState]
) -> None:
    """Write orders that were taken in, and their awards."""
    order_ids = [state.order_id for state in states]
    upsert_rows(session, CustomerOrder, [_order_row(shop_id, state) for state in states])
    new = [(order_id, engine.new_awards.get(order_id)) for order_id in order_ids]
    insert_rows(
        session,
        Award,
        [_new_award_row(shop_id, engine, order_id, award) for order_id, award in new if award],
    )
    revised = [engine.revised_awards.get(order_id) for order_id in order_ids]
    update_rows(
        session, Award, [revised_award_row(award, engine.now) for award in revised if award]
    )


def _new_award_row(shop_id: int, engine: OrderEngine, order_id: int, award: OrderAward) -> Row:
    return award_row(
        award_id=award.id,
        program_id=engine.rulebook.program_id,
        member_id=award.member_id,
        source_kind="order",
        source_id=source_id(shop_id, order_id),
        pin=award.pin,
        points=award.points,
        receipt=award.receipt,
        now=engine.now,
    )


def _order_id(state: OrderState) -> int:
    return state.order_id
