"""Empties the bodies of webhooks that were handled: they hold personal data that is not needed.

Those that tell of a redacted customer do not wait until they are old enough.
"""

from app.db.queries.work_waiting import all_shops
from app.db.session import Tenant
from app.jobs.work import Work
from app.services.prune_payloads import prune_payloads


def run(work: Work) -> None:
    """Prune shop by shop, each in transactions of its own."""
    parts = work.parts
    with parts.database.sweep() as session:
        shop_ids = all_shops(session)
    for shop_id in shop_ids:
        with parts.database.tenant(Tenant(shop_id=shop_id)) as session:
            prune_payloads(session, shop_id=shop_id)
        work.erase(shop_id)
