"""Notes that Shopify has a redemption's code."""

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.db.models import Redemption
from app.db.queries.redemptions import RedemptionRow
from app.domain.errors import RedemptionNotFound, RedemptionNotOpen
from app.domain.redemption_times import LAPSE_GRACE
from app.domain.ways import WAYS
from app.services.open_redemption import read_redemption


def mark_redemption_ready(
    session: Session, *, redemption_id: int, discount_gid: str | None, now: datetime
) -> RedemptionRow:
    """Make a held redemption ready and return it; one that is ready or used stays as it is.

    Raises RedemptionNotOpen when it is being taken back or was released: its points are with the
    member again, or about to be, so the caller withdraws what Shopify made.
    """
    found = session.execute(
        select(Redemption.state, Redemption.expires_at, Redemption.way)
        .where(Redemption.id == redemption_id)
        .with_for_update()
    ).one_or_none()
    if found is None:
        raise RedemptionNotFound(redemption_id=redemption_id)
    state = found.state
    if state in ("releasing", "released"):
        raise RedemptionNotOpen(redemption_id=redemption_id, state=state)
    changes: dict[str, object] = {"discount_gid": discount_gid}
    if state == "held":
        changes |= {
            "state": "ready",
            "ready_at": now,
            "due_at": _due_at(found.way, found.expires_at),
        }
    session.execute(update(Redemption).where(Redemption.id == redemption_id).values(**changes))
    return read_redemption(session, redemption_id)


def _due_at(way: str, expires_at: datetime) -> datetime | None:
    """Return when its time is over; what staff do waits for them however long it takes."""
    used_by = WAYS[way].used_by
    if used_by == "staff":
        return None
    return expires_at + LAPSE_GRACE if used_by == "order" else expires_at
