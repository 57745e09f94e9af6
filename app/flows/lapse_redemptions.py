"""Ends redemptions whose code has lapsed unused."""

import logging
from datetime import timedelta

from app.clock import utc_now
from app.container import Container
from app.db.queries.redemptions import get_redemption, lapsed_before
from app.db.session import Tenant
from app.domain.errors import RedemptionNotOpen
from app.flows.redeem import release
from app.flows.shop_tenant import program_tenants
from app.flows.undo_redemption import withdraw_code
from app.shopify.errors import ShopifyError

logger = logging.getLogger(__name__)

# An order that used the code in its last minute may still be on its way to us.
GRACE = timedelta(hours=1)


def lapse_redemptions(parts: Container, program_id: int) -> int:
    """Release what lapsed more than an hour ago, as the programme's rules have it; return how many.

    A code that Shopify says was used is left alone: its order is on the way.
    """
    lapsed = 0
    for tenant in program_tenants(parts, program_id):
        lapsed += _lapse_at_shop(parts, tenant)
    return lapsed


def _lapse_at_shop(parts: Container, tenant: Tenant) -> int:
    if tenant.shop_id is None:
        return 0
    with parts.database.tenant(tenant) as session:
        ids = lapsed_before(session, tenant.shop_id, utc_now() - GRACE)
    try:
        return sum(_lapse(parts, tenant, redemption_id) for redemption_id in ids)
    except ShopifyError as error:
        logger.warning("Lapsing at shop %s waits: %s", tenant.shop_id, error)
        return 0


def _lapse(parts: Container, tenant: Tenant, redemption_id: int) -> bool:
    with parts.database.tenant(tenant) as session:
        redemption = get_redemption(session, redemption_id)
    if redemption is None or redemption.state != "ready":
        return False
    try:
        withdraw_code(parts, redemption)
    except RedemptionNotOpen:
        return False
    release(parts, tenant, redemption.id, reason="lapsed")
    return True
