"""Forgets the bodies of webhooks that were handled, and in the end the webhooks themselves."""

from sqlalchemy import text
from sqlalchemy.orm import Session

BODY_DAYS = 7
"""A handled webhook can be looked into for so long."""
EVENT_DAYS = 60
"""A duplicate is recognised for so long; Shopify sends none later than a few days."""


def prune_payloads(session: Session, *, shop_id: int) -> int:
    """Empty bodies handled over seven days ago and delete events over sixty; return how many.

    Days are those of the database's clock: nothing here is business time. Events that failed for
    good keep their body until somebody has run them again.
    """
    emptied = session.execute(
        text(
            "update webhook_event set body = '' where shop_id = :shop_id and state in (1, 2)"
            " and handled_at < now() - make_interval(days => :days) and body <> ''"
            " returning id"
        ),
        {"shop_id": shop_id, "days": BODY_DAYS},
    ).all()
    deleted = session.execute(
        text(
            "delete from webhook_event where shop_id = :shop_id and state in (1, 2)"
            " and handled_at < now() - make_interval(days => :days) returning id"
        ),
        {"shop_id": shop_id, "days": EVENT_DAYS},
    ).all()
    return len(emptied) + len(deleted)
