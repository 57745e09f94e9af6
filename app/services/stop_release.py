"""Notes that a redemption cannot be taken back any more: Shopify says that it was used."""

from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from app.db.models import Redemption
from app.db.queries.redemptions import RedemptionRow
from app.domain.redemption_times import next_look
from app.services.open_redemption import read_redemption


def stop_release(session: Session, *, redemption_id: int, now: datetime) -> RedemptionRow:
    """Make a redemption that is being taken back ready again, for the order that is on its way.

    One that the order has used meanwhile stays as it is. Should no order come, it is looked at
    again, ever more seldom.
    """
    row = read_redemption(session, redemption_id)
    session.execute(
        update(Redemption)
        .where(Redemption.id == redemption_id, Redemption.state == "releasing")
        .values(
            state="ready",
            ready_at=row.ready_at or now,
            releasing_at=None,
            release_reason=None,
            released_by=None,
            due_at=max(next_look(row.releasing_at or now, now), next_look(row.expires_at, now)),
        )
    )
    return read_redemption(session, redemption_id)
