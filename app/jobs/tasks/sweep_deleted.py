"""Has every installed shop's recent orders looked for at Shopify, once a night."""

from app.db.queries.work_waiting import installed_shops
from app.jobs.work import Work


def run(work: Work) -> None:
    """Enqueue the looks."""
    with work.parts.database.sweep() as session:
        shop_ids = installed_shops(session)
    for shop_id in shop_ids:
        work.parts.jobs.enqueue("find_deleted_orders", shop_id=shop_id)
