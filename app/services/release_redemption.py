"""Gives the points of an unused redemption back."""

from datetime import datetime
from typing import Literal

from sqlalchemy.orm import Session

from app.db.ids import id_source
from app.db.models import Lot
from app.db.queries.redemptions import RedemptionRow
from app.db.rulebook import load_rulebook
from app.domain.errors import RedemptionNotOpen
from app.domain.expiry import GRACE_AFTER_RETURN
from app.domain.redeeming import capture, release
from app.services.open_redemption import open_redemption, read_redemption, save_redemption

ReleaseReason = Literal["undone", "lapsed", "refused", "not_applied", "customer_gone"]


def release_redemption(
    session: Session,
    *,
    redemption_id: int,
    reason: ReleaseReason,
    now: datetime,
    ledger_key: bytes,
    actor: str = "system",
) -> RedemptionRow:
    """Release a held or ready redemption: its points return to the lots they came from.

    Points of a code that lapsed can be used for at least seven more days, or are kept where the
    programme says so (`lapse_policy`). A second call changes nothing; RedemptionNotOpen is raised
    for one that was used.
    """
    opened = open_redemption(session, redemption_id, now)
    if opened.row.state == "released":
        return read_redemption(session, redemption_id)
    if opened.row.state == "used":
        raise RedemptionNotOpen(redemption_id=redemption_id, state="used")
    rules = load_rulebook(session, opened.row.program_id).newest
    account = opened.member.account
    lapsed = reason == "lapsed"
    if lapsed and rules.lapse_policy == "keep":
        capture(account, opened.row.points, opened.cause("capture", now))
    else:
        release(
            account,
            opened.allocations,
            opened.cause("release", now),
            id_source(session, Lot),
            usable_until=now + GRACE_AFTER_RETURN if lapsed else None,
        )
        opened.member.bring_up_to(now)
    opened.row.state = "released"
    opened.row.released_at = now
    opened.row.release_reason = reason
    return save_redemption(session, opened, now=now, ledger_key=ledger_key, actor=actor)
