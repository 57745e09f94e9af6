"""Wakes the drain of every shop with webhooks that are due: retries, and wake-ups that were missed."""

from app.db.queries.work_waiting import shops_with_due_events
from app.jobs.work import Work


def run(work: Work) -> None:
    """Enqueue the drains."""
    with work.parts.database.sweep() as session:
        shop_ids = shops_with_due_events(session)
    for shop_id in shop_ids:
        work.parts.jobs.enqueue("drain_inbox", shop_id=shop_id)
