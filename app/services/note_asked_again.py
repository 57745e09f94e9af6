"""Notes that Shopify is about to be asked again for what a redemption holds points for."""

from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from app.db.models import Redemption
from app.domain.redemption_times import LEASE


def note_asked_again(session: Session, redemption_id: int, *, now: datetime) -> bool:
    """Note it and return True; False: the redemption is not held any more, so nobody may ask.

    It has to be committed before Shopify is asked: whoever takes the redemption back meanwhile
    then knows that something may still be made.
    """
    held = session.scalar(
        update(Redemption)
        .where(Redemption.id == redemption_id, Redemption.state == "held")
        .values(asked_at=now, due_at=now + LEASE)
        .returning(Redemption.id)
    )
    return held is not None
