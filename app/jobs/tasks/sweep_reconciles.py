"""Has every installed shop's orders compared with Shopify's."""

from app.db.queries.work_waiting import installed_shops
from app.jobs.work import Work


def run(work: Work) -> None:
    """Enqueue the comparisons."""
    with work.parts.database.sweep() as session:
        shop_ids = installed_shops(session)
    for shop_id in shop_ids:
        work.parts.jobs.enqueue("reconcile_shop", shop_id=shop_id)
