"""Gives the points of an unused redemption back."""

from datetime import datetime
from typing import Literal

from sqlalchemy.orm import Session

from app.db.ids import id_source
from app.db.models import Lot
from app.db.queries.redemptions import RedemptionRow
from app.domain.errors import RedemptionNotOpen
from app.domain.expiry import GRACE_AFTER_RETURN
from app.domain.redeeming import capture, release
from app.domain.redemption_times import look_after_release
from app.services.open_redemption import open_redemption, save_redemption
from app.services.reward_stock import give_one_back

ReleaseReason = Literal[
    "undone", "cancelled", "lapsed", "refused", "unanswered", "not_applied", "customer_gone"
]
"""By the shopper, by staff, by time, by Shopify's no or silence, by checkout, by leaving."""


def release_redemption(
    session: Session,
    *,
    redemption_id: int,
    reason: ReleaseReason,
    now: datetime,
    ledger_key: bytes,
    actor: str = "system",
    withdrawn: bool = True,
) -> RedemptionRow:
    """Release a redemption that is not used: its points return to the lots they came from.

    Where it was being taken back, the reason and the actor noted then are kept. Points of a code
    that lapsed can be used for at least seven more days, or are kept where the programme says so
    (`lapse_policy`). Unless it is `withdrawn` at Shopify, or while Shopify may still make it, a
    job looks for it there. A second call changes nothing; RedemptionNotOpen is raised for one
    that was used.
    """
    opened = open_redemption(session, redemption_id, now)
    row, account = opened.row, opened.member.account
    if row.state == "released":
        return row.as_it_stands()
    if row.state == "used":
        raise RedemptionNotOpen(redemption_id=redemption_id, state="used")
    row.release_reason, row.released_by = row.release_reason or reason, row.released_by or actor
    lapsed = row.release_reason == "lapsed"
    kept = lapsed and opened.rules.lapse_policy == "keep"
    if kept:
        capture(account, row.points, opened.cause("capture", now))
    else:
        release(
            account,
            opened.allocations,
            opened.cause("release", now),
            id_source(session, Lot),
            usable_until=now + GRACE_AFTER_RETURN if lapsed else None,
        )
        opened.member.bring_up_to(now)
    if not kept:
        give_one_back(session, row.reward_id, row.terms)
    row.state, row.released_at = "released", now
    row.due_at = look_after_release(row.asked_at or row.created_at, now) if withdrawn else now
    return save_redemption(session, opened, now=now, ledger_key=ledger_key, actor=row.released_by)
