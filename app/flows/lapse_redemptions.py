"""Ends redemptions whose time is over: unused ones are taken back, money given is left."""

from time import monotonic

from app.clock import utc_now
from app.container import Container
from app.db.queries.redemptions import due_redemptions
from app.db.session import Tenant
from app.domain.errors import RedemptionNotOpen
from app.domain.ways import WAYS
from app.flows.shop_tenant import program_tenants
from app.flows.take_back import take_back
from app.services.finish_redemption import finish_redemption
from app.services.open_redemption import read_redemption

BUDGET_S = 15.0
RUN_S = 20.0
"""A job is short."""


def lapse_redemptions(parts: Container, program_id: int) -> int:
    """Release what lapsed more than an hour ago, as the programme's rules have it; return how many ended.

    Store credit and gift cards are the member's for good once they can no longer be undone.

    One that Shopify says was used is left alone: its order is on the way. One that Shopify does
    not answer about is left to `settle_held_redemptions`.
    """
    return sum(_lapse_at_shop(parts, tenant) for tenant in program_tenants(parts, program_id))


def _lapse_at_shop(parts: Container, tenant: Tenant) -> int:
    if tenant.shop_id is None:
        return 0
    with parts.database.tenant(tenant) as session:
        ids = due_redemptions(session, tenant.shop_id, ("ready",), utc_now())
    lapsed, ends = 0, monotonic() + RUN_S
    for redemption_id in ids:
        if monotonic() > ends:
            # The sweep comes back to the others.
            break
        lapsed += _lapse(parts, tenant, redemption_id)
    return lapsed


def _lapse(parts: Container, tenant: Tenant, redemption_id: int) -> bool:
    with parts.database.tenant(tenant) as session:
        way = WAYS[read_redemption(session, redemption_id).way]
    if way.used_by == "time":
        return _keep(parts, tenant, redemption_id)
    try:
        row = take_back(
            parts, tenant, redemption_id, reason="lapsed", actor="system", budget_s=BUDGET_S
        )
    except RedemptionNotOpen:
        return False
    return row.state == "released"


def _keep(parts: Container, tenant: Tenant, redemption_id: int) -> bool:
    """Leave what was given to the member for good: the time to undo it is over."""
    with parts.database.tenant(tenant) as session:
        try:
            finish_redemption(
                session,
                redemption_id=redemption_id,
                now=utc_now(),
                ledger_key=parts.settings.ledger_key,
            )
        except RedemptionNotOpen:
            return False
        parts.jobs.enqueue("push_member_metafields", session=session, program_id=tenant.program_id)
    return True
