"""Notes that a redemption is to be taken back."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db.models import Redemption
from app.db.queries.redemptions import RedemptionRow
from app.domain.errors import RedemptionNotFound, RedemptionNotOpen
from app.domain.redemption_times import LEASE
from app.services.open_redemption import read_redemption
from app.services.release_redemption import ReleaseReason


def start_release(
    session: Session, *, redemption_id: int, reason: ReleaseReason, actor: str, now: datetime
) -> RedemptionRow:
    """Make a held or ready redemption `releasing`; its points stay held until it is released.

    From here on nobody makes it at Shopify or is shown it. One that is being taken back or was
    released stays as it is. Raises RedemptionNotFound, or RedemptionNotOpen for one that was used.
    """
    row = session.scalars(
        select(Redemption).where(Redemption.id == redemption_id).with_for_update()
    ).one_or_none()
    if row is None:
        raise RedemptionNotFound(redemption_id=redemption_id)
    if row.state == "used":
        raise RedemptionNotOpen(redemption_id=redemption_id, state="used")
    if row.state in ("held", "ready"):
        row.state, row.releasing_at = "releasing", now
        row.release_reason, row.released_by = reason, actor
        # Whoever asks sees to it at once; a job does when they cannot.
        row.due_at = now + LEASE
        session.flush()
    return read_redemption(session, redemption_id)
