"""Tells Shopify what the storefront shows of members: points, tier and what is coming."""

import logging
import math
import time
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from app.clock import utc_now
from app.container import Container
from app.db.bulk import update_values
from app.db.models import Member
from app.db.queries.memberships import (
    Membership,
    customers_of_members,
    memberships,
    stale_member_ids,
)
from app.db.queries.tier_standings import tier_standings
from app.db.rulebook import load_rulebook
from app.db.session import Tenant
from app.db.wire import unanswered
from app.domain.standing import standing_of
from app.domain.tier_standing import TierStanding
from app.flows.push_tier_tags import push_tier_tags
from app.flows.shop_access import runner
from app.flows.shop_tenant import program_tenants
from app.services.mark_behind import mark_next_behind
from app.shopify.client import Run
from app.shopify.errors import AccessDenied, RefreshTokenLost, ShopClosed, ShopifyRefused
from app.shopify.metafields import MEMBERS_A_CALL_MAX, MemberMetafields, push_members

logger = logging.getLogger(__name__)

MARKED_AT_A_TIME = 40 * MEMBERS_A_CALL_MAX
"""Of members who are all behind: pushed within a few minutes on the smallest plans."""


def push_member_metafields(parts: Container, program_id: int, *, budget_s: float = math.inf) -> int:
    """Push every member whose shown state is behind, in batches; return how many were.

    A member who changes meanwhile stays behind and is pushed again. A customer whom Shopify no
    longer knows is passed over until the next change. Raises ShopifyUnavailable; what was pushed
    until then is kept. After `budget_s` seconds the rest stays behind.
    """
    ends = time.monotonic() + budget_s
    return sum(_push_shop(parts, tenant, ends) for tenant in program_tenants(parts, program_id))


def _push_shop(parts: Container, tenant: Tenant, ends: float) -> int:
    shop_id, program_id = tenant.shop_id, tenant.program_id
    if shop_id is None or program_id is None:
        return 0
    run = runner(parts, shop_id)
    pushed, last_id = 0, 0
    while time.monotonic() < ends:
        now = utc_now()
        with parts.database.tenant(tenant) as session:
            ids = stale_member_ids(session, shop_id, last_id, MEMBERS_A_CALL_MAX)
            found = memberships(session, ids)
            customers = customers_of_members(session, shop_id, ids)
            rulebook = load_rulebook(session, program_id)
            tiers = tier_standings(session, rulebook, ids, now)
            is_last = len(ids) < MEMBERS_A_CALL_MAX and not mark_next_behind(
                session, program_id, MARKED_AT_A_TIME
            )
        if not ids and is_last:
            return pushed
        fields = [
            MemberMetafields(
                customer_id=customer_id,
                points=standing_of(found[member_id].account, now, rulebook.iana_timezone).available,
                state=member_state(found[member_id], tiers[member_id], rulebook.iana_timezone, now),
            )
            for member_id in ids
            for customer_id in customers.get(member_id, ())
        ]
        tags = {
            customer_id: _tag(tiers[member_id])
            for member_id in ids
            for customer_id in customers.get(member_id, ())
        }
        try:
            push_tier_tags(parts, tenant, run, tags)
            _push(run, fields)
        except (AccessDenied, ShopClosed, RefreshTokenLost) as error:
            logger.warning("Members of shop %s cannot be pushed: %s", shop_id, error)
            return pushed
        if ids:
            _note_pushed(parts, tenant, {id_: found[id_].version for id_ in ids})
        pushed += len(ids)
        if is_last:
            return pushed
        # Those who are marked next may have lower ids.
        last_id = ids[-1] if len(ids) == MEMBERS_A_CALL_MAX else 0
    return pushed


def member_state(
    membership: Membership, tier: TierStanding, iana_timezone: str, now: datetime
) -> dict[str, Any]:
    """Return the JSON metafield of a member: what is coming, the tier and what ends next."""
    standing = standing_of(membership.account, now, iana_timezone)
    expiry = standing.next_expiry
    return {
        "pending": standing.pending,
        "owed": standing.owed,
        "tier": _tier_state(tier),
        "next_expiry": {
            "points": expiry.points,
            "on": expiry.on.isoformat(),
            "near": standing.expiry_is_near,
        }
        if expiry
        else None,
        "reckoned_at": now.strftime("%Y-%m-%dT%H:%M:%SZ"),
    }


def _tag(tier: TierStanding) -> str | None:
    return tier.current.customer_tag if tier.current else None


def _tier_state(tier: TierStanding) -> dict[str, Any]:
    """Return the tier in numbers; amounts in the measure: minor units, points or orders."""
    return {
        "name": tier.current.name if tier.current else None,
        "next": tier.next.name if tier.next else None,
        "percent": tier.percent,
        "measure": tier.measure,
        "amount": tier.amount,
        "missing": tier.missing,
        "kept_until": tier.kept_until.isoformat() if tier.kept_until else None,
        "keep_missing": tier.keep_missing,
        "keep_from": tier.keep_from.isoformat() if tier.keep_from else None,
    }


def _push(run: Run, fields: Sequence[MemberMetafields]) -> None:
    """Push up to 12 customers a call; one that Shopify refuses does not hold up the others."""
    for start in range(0, len(fields), MEMBERS_A_CALL_MAX):
        batch = fields[start : start + MEMBERS_A_CALL_MAX]
        try:
            push_members(run, batch)
        except ShopifyRefused as refusal:
            if len(batch) == 1:
                logger.warning("Customer %s refused: %s", batch[0].customer_id, refusal)
            else:
                middle = len(batch) // 2
                _push(run, batch[:middle])
                _push(run, batch[middle:])


def _note_pushed(parts: Container, tenant: Tenant, versions: dict[int, int]) -> None:
    """Note the versions that were read, not those of now: a change in between is pushed again."""
    with parts.database.tenant(tenant) as session, unanswered(session):
        update_values(session, Member, ("id", "pushed_version"), [*versions.items()])
