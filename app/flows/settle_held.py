"""Ends redemptions whose code Shopify may or may not have made."""

import logging
from datetime import timedelta

from app.clock import utc_now
from app.container import Container
from app.db.queries.redemptions import get_redemption, held_before
from app.db.session import Tenant
from app.flows.redeem import obtain_code, release
from app.flows.shop_tenant import shop_tenant

logger = logging.getLogger(__name__)

SETTLED_AFTER = timedelta(seconds=6)
"""Longer than a shopper's own request takes, so that it is left alone."""
GIVEN_UP_AFTER = timedelta(hours=1)
"""A code that nobody was shown for so long is not made any more."""
BUDGET_S = 15.0


def settle_held_redemptions(parts: Container, shop_id: int) -> int:
    """Make ready or release what has been held for long enough; return how many ended.

    Asking Shopify for the code again tells: it makes the code now, says that it is TAKEN (made
    before), or refuses. While Shopify cannot be reached for an hour, the points go back: a code
    that was made all the same was shown to nobody, and its use would be taken in as any other's.
    """
    tenant = shop_tenant(parts, shop_id)
    with parts.database.tenant(tenant) as session:
        held_ids = held_before(session, shop_id, utc_now() - SETTLED_AFTER)
    return sum(_settle(parts, tenant, redemption_id) for redemption_id in held_ids)


def _settle(parts: Container, tenant: Tenant, redemption_id: int) -> bool:
    with parts.database.tenant(tenant) as session:
        held = get_redemption(session, redemption_id)
    if held is None or held.state != "held":
        return False
    settled = obtain_code(parts, tenant, held, budget_s=BUDGET_S)
    if settled.state == "held" and held.created_at < utc_now() - GIVEN_UP_AFTER:
        settled = release(parts, tenant, held.id, reason="refused")
    return settled.state != "held"
