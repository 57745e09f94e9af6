"""Finds shops with orders that wait for facts, or customers to be read: Shopify was away, or a wake-up was missed."""

from app.db.queries.work_waiting import shops_wanting_facts, shops_wanting_marks
from app.jobs.work import Work


def run(work: Work) -> None:
    """Enqueue the fetches."""
    with work.parts.database.sweep() as session:
        shop_ids = shops_wanting_facts(session)
        marked = shops_wanting_marks(session)
    for shop_id in marked:
        work.parts.jobs.enqueue("read_customer_marks", shop_id=shop_id)
    for shop_id in shop_ids:
        work.parts.jobs.enqueue("fetch_order_facts", shop_id=shop_id)
