"""Ends what redemptions left open: made or not at Shopify, being taken back, or made too late."""

import logging
from time import monotonic

from app.clock import utc_now
from app.container import Container
from app.db.queries.redemptions import RedemptionRow, due_redemptions, get_redemption
from app.db.session import Tenant
from app.domain.errors import RedemptionNotOpen
from app.domain.redemption_times import GIVEN_UP_AFTER, next_look
from app.flows.redeem import obtain
from app.flows.shop_tenant import shop_tenant
from app.flows.take_back import finish_release, look_again, take_back
from app.services.note_asked_again import note_asked_again
from app.services.put_off_redemption import put_off_redemption

logger = logging.getLogger(__name__)

BUDGET_S = 15.0
"""How long one redemption waits for Shopify."""
STATES = ("held", "releasing", "released")


def settle_held_redemptions(parts: Container, shop_id: int, *, run_s: float = 20.0) -> int:
    """End what is due at a shop; return how many moved on.

    Asking Shopify again tells what became of a held one: it is made now, was made before, or is
    refused. What is being taken back is withdrawn; what was released and may be made late is
    looked for. While Shopify does not answer, each waits, ever longer.
    """
    tenant, ends = shop_tenant(parts, shop_id), monotonic() + run_s
    with parts.database.tenant(tenant) as session:
        due = due_redemptions(session, shop_id, STATES, utc_now())
    moved = 0
    for redemption_id in due:
        if monotonic() > ends:
            parts.jobs.enqueue("settle_held_redemptions", shop_id=shop_id)
            break
        moved += _settle(parts, tenant, redemption_id)
    return moved


def _settle(parts: Container, tenant: Tenant, redemption_id: int) -> bool:
    try:
        return _move_on(parts, tenant, redemption_id)
    except RedemptionNotOpen:
        # Its order was faster, or Shopify says that it was used.
        return True


def _move_on(parts: Container, tenant: Tenant, redemption_id: int) -> bool:
    with parts.database.tenant(tenant) as session:
        seen = get_redemption(session, redemption_id)
    if seen is None or seen.state not in STATES:
        return False
    if seen.state == "held":
        return _settle_held(parts, tenant, seen).state != "held"
    if seen.state == "releasing":
        return finish_release(parts, tenant, seen, budget_s=BUDGET_S).state != "releasing"
    look_again(parts, tenant, seen, budget_s=BUDGET_S)
    return False


def _settle_held(parts: Container, tenant: Tenant, held: RedemptionRow) -> RedemptionRow:
    now = utc_now()
    if held.created_at < now - GIVEN_UP_AFTER:
        return take_back(
            parts, tenant, held.id, reason="unanswered", actor="system", budget_s=BUDGET_S
        )
    with parts.database.tenant(tenant) as session:
        if not note_asked_again(session, held.id, now=now):
            return held
    row = obtain(parts, tenant, held, first=False, budget_s=BUDGET_S)
    if row.state == "held":
        due_at = next_look(held.created_at, utc_now())
        with parts.database.tenant(tenant) as session:
            row = put_off_redemption(session, row.id, seen_as="held", due_at=due_at)
    return row
