"""Webhooks that need staff."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.db.models import WebhookEvent

FAILED = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class FailedEvent:
    """A webhook that failed for good; `reason` names no person."""

    id: int
    topic: str
    received_at: datetime
    attempts: int
    reason: str | None


def failed_events(session: Session, shop_id: int, limit: int = 100) -> list[FailedEvent]:
    """Return the webhooks of a shop that failed for good, newest first."""
    rows = session.execute(
        select(
            WebhookEvent.id,
            WebhookEvent.topic,
            WebhookEvent.received_at,
            WebhookEvent.attempts,
            WebhookEvent.reason,
        )
        .where(WebhookEvent.shop_id == shop_id, WebhookEvent.state == FAILED)
        .order_by(WebhookEvent.id.desc())
        .limit(limit)
    )
    return [FailedEvent(**row._mapping) for row in rows]


def count_failed(session: Session, shop_id: int) -> int:
    """Return how many webhooks of a shop failed for good."""
    query = (
        select(func.count())
        .select_from(WebhookEvent)
        .where(WebhookEvent.shop_id == shop_id, WebhookEvent.state == FAILED)
    )
    return session.scalar(query) or 0
