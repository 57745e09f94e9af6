"""Gives members' customers the tag of their tier, and takes those of other tiers off them."""

import logging
from collections.abc import Mapping

from app.container import Container
from app.db.queries.tier_effects import tags_of_customers
from app.db.session import Tenant
from app.services.note_customer_tags import forget_customer_tags, note_customer_tags
from app.shopify.client import Run
from app.shopify.customer_tags import retag_customer
from app.shopify.errors import ShopifyRefused

logger = logging.getLogger(__name__)


def push_tier_tags(
    parts: Container, tenant: Tenant, run: Run, wanted: Mapping[int, str | None]
) -> None:
    """Tag the shop's customers as wanted (None: no tier's tag); those tagged so are passed over.

    Only tags that the app put on are taken off. A customer whom Shopify refuses is passed over
    until the member's next change. Raises ShopifyUnavailable; repeating this goes on.
    """
    shop_id = tenant.shop_id
    if shop_id is None:
        raise ValueError(tenant)
    with parts.database.tenant(tenant) as session:
        had = tags_of_customers(session, shop_id, wanted)
        new = {
            customer_id: tag
            for customer_id, tag in wanted.items()
            if tag is not None and tag not in had.get(customer_id, ())
        }
        note_customer_tags(session, shop_id=shop_id, tags=new)
    for customer_id, tag in sorted(wanted.items()):
        gone = had.get(customer_id, set()) - {tag}
        if customer_id in new or gone:
            _retag(parts, tenant, run, customer_id, new.get(customer_id), gone)


def _retag(
    parts: Container,
    tenant: Tenant,
    run: Run,
    customer_id: int,
    tag: str | None,
    gone: set[str],
) -> None:
    add = [tag] if tag is not None else []
    try:
        retag_customer(run, customer_id=customer_id, add=add, remove=gone)
    except ShopifyRefused as refusal:
        logger.warning("Customer %s cannot be tagged: %s", customer_id, refusal)
        return
    if gone:
        with parts.database.tenant(tenant) as session:
            forget_customer_tags(
                session, shop_id=tenant.shop_id or 0, customer_id=customer_id, tags=gone
            )
