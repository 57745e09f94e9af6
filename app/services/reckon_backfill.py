"""Reckons, batch by batch, what points for past orders would cost."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from app.db.bulk import as_json
from app.db.models import Backfill, BackfillMember
from app.db.queries.backfills import past_orders, shares_by_tier
from app.db.queries.rewards import program_rewards
from app.db.rulebook import load_rulebook
from app.domain.order_award import OrderAward
from app.domain.order_history import processing_order
from app.domain.point_value import point_value
from app.services.order_batch import load_engine
from app.services.order_states import collect_order_states

ADD_SHARES = text(
    "insert into backfill_member (backfill_id, shop_id, member_id, orders, points)"
    " select :backfill_id, :shop_id, member_id, orders, points"
    " from json_to_recordset(cast(:shares as json))"
    " as new(member_id bigint, orders bigint, points bigint)"
    " on conflict (backfill_id, member_id) do update set"
    " orders = backfill_member.orders + excluded.orders,"
    " points = backfill_member.points + excluded.points"
)


def reckon_backfill(
    session: Session, *, backfill_id: int, limit: int, now: datetime, ledger_key: bytes
) -> bool:
    """Reckon the next `limit` orders; return whether any are left.

    By the very path that grants, but that nothing of it is saved: the preview says what granting
    would do now. Each batch notes how far it came, so a repeat after a crash counts nothing twice.
    """
    backfill = _locked(session, backfill_id)
    if backfill is None:
        return False
    order_ids = past_orders(session, backfill, after=backfill.position, limit=limit)
    if not order_ids:
        _finish(session, backfill, now)
        return False
    awards = _would_be(session, backfill, order_ids, now, ledger_key)
    _add_shares(session, backfill, awards)
    backfill.position = order_ids[-1]
    backfill.orders_done += len(order_ids)
    backfill.orders += len(awards)
    backfill.points += sum(award.points for award in awards)
    session.flush()
    return True


def _locked(session: Session, backfill_id: int) -> Backfill | None:
    return session.scalars(
        select(Backfill)
        .where(Backfill.id == backfill_id, Backfill.state == "reckoning")
        .with_for_update()
    ).one_or_none()


def _would_be(
    session: Session,
    backfill: Backfill,
    order_ids: Sequence[int],
    now: datetime,
    ledger_key: bytes,
) -> list[OrderAward]:
    """Return the awards that granting these orders would make, of those worth anything."""
    rulebook = load_rulebook(session, backfill.program_id)
    states = collect_order_states(
        session,
        shop_id=backfill.shop_id,
        rulebook=rulebook,
        snapshots=(),
        refunds=(),
        deleted_order_ids=(),
        granted_order_ids=order_ids,
        completed_order_ids=(),
        fetched=False,
        now=now,
    )
    engine = load_engine(session, backfill.shop_id, rulebook, states, now, ledger_key)
    for state in sorted(states, key=processing_order):
        engine.take_in(state)
    return [award for award in engine.new_awards.values() if award.points]


def _add_shares(session: Session, backfill: Backfill, awards: Sequence[OrderAward]) -> None:
    orders = Counter(award.member_id for award in awards)
    points: Counter[int] = Counter()
    for award in awards:
        points[award.member_id] += award.points
    shares = [
        {"member_id": member_id, "orders": orders[member_id], "points": points[member_id]}
        for member_id in sorted(orders)
    ]
    session.execute(
        ADD_SHARES,
        {"backfill_id": backfill.id, "shop_id": backfill.shop_id, "shares": as_json(shares)},
    )


def _finish(session: Session, backfill: Backfill, now: datetime) -> None:
    """Sum the preview up: members, tiers, worth."""
    offered = program_rewards(session, backfill.program_id, offered_only=True)
    value = point_value((reward.type, reward.points, reward.config) for reward in offered)
    backfill.members = session.scalars(
        select(func.count())
        .select_from(BackfillMember)
        .where(BackfillMember.backfill_id == backfill.id)
    ).one()
    backfill.tiers = shares_by_tier(session, backfill.id)
    backfill.value_minor = value.of(backfill.points) if value else None
    backfill.state, backfill.reckoned_at, backfill.position = "ready", now, None
    session.flush()
