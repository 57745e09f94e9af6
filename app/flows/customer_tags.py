"""A customer's tags, for rewards that only customers with some tags may have.

Webhooks have not told tags since 2025, so Shopify is asked each time, and only where a reward asks.
"""

import logging
from functools import partial

from app.container import Container
from app.db.queries.rewards import ask_for_tagged
from app.db.session import Tenant
from app.flows.shop_access import runner
from app.shopify.errors import ShopifyError
from app.shopify.order_facts import fetch_customers

logger = logging.getLogger(__name__)

SHOWN_BUDGET_S = 1.5
"""How long a page waits to learn of them; without them it leaves those rewards out."""


def customer_tags(
    parts: Container, shop_id: int, customer_id: int, *, budget_s: float
) -> frozenset[str]:
    """Return all tags of a customer; raise ShopifyError when Shopify does not answer."""
    run = partial(runner(parts, shop_id), budget_s=budget_s)
    return frozenset(fetch_customers(run, [customer_id])[customer_id].tags)


def tags_to_show(parts: Container, tenant: Tenant, customer_id: int) -> frozenset[str] | None:
    """Return the tags where a reward on offer asks for some; None: no need, or not known now."""
    if tenant.program_id is None or tenant.shop_id is None:
        return None
    with parts.database.ask(tenant) as trip:
        tagged = ask_for_tagged(trip, tenant.program_id)
    if not tagged.rows:
        return None
    try:
        return customer_tags(parts, tenant.shop_id, customer_id, budget_s=SHOWN_BUDGET_S)
    except ShopifyError as error:
        logger.warning("Tags of a customer of shop %s are not known: %s", tenant.shop_id, error)
        return None
