"""Finds shops whose past is being read or granted: Shopify was slow, or a worker died."""

from app.db.queries.work_waiting import shops_back_filling, shops_reading_history
from app.jobs.work import Work


def run(work: Work) -> None:
    """Enqueue what goes on."""
    with work.parts.database.sweep() as session:
        reading = shops_reading_history(session)
        granting = shops_back_filling(session)
    for shop_id in reading:
        work.parts.jobs.enqueue("read_history", shop_id=shop_id)
    for shop_id in granting:
        work.parts.jobs.enqueue("back_fill", shop_id=shop_id)
