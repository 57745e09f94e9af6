"""Lets a webhook that failed for good be tried again."""

from sqlalchemy import update
from sqlalchemy.orm import Session

from app.db.models import WebhookEvent

WAITING, HANDLED, ASIDE, FAILED = 0, 1, 2, 3


def rerun_event(session: Session, *, shop_id: int, event_id: int) -> bool:
    """Put a failed event back into the inbox, with all its tries; return whether it had failed.

    The caller enqueues `drain_inbox` with the same session.
    """
    changed = session.execute(
        update(WebhookEvent)
        .where(
            WebhookEvent.shop_id == shop_id,
            WebhookEvent.id == event_id,
            WebhookEvent.state == FAILED,
        )
        .values(state=WAITING, attempts=0, next_attempt_at=None, handled_at=None, reason=None)
        .returning(WebhookEvent.id)
    ).all()
    return bool(changed)
