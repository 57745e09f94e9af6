"""Keeps a shop's segments and its members' free shipping as the tiers say."""

import logging
from collections.abc import Sequence

from app.clock import utc_now
from app.container import Container
from app.db.queries.tier_effects import (
    SegmentRow,
    ShippingRow,
    segments_of_tiers,
    shipping_of_shop,
)
from app.db.session import Tenant
from app.domain.tiers import TierLevel
from app.services.note_tier_effects import forget_segments, note_segment, note_shipping
from app.shopify.client import Run
from app.shopify.errors import ShopifyRefused
from app.shopify.member_shipping import change_shipping, create_shipping, end_shipping
from app.shopify.segments import delete_segment, save_segment

logger = logging.getLogger(__name__)


def push_tier_effects(
    parts: Container, tenant: Tenant, run: Run, *, tiers: Sequence[TierLevel], program_name: str
) -> None:
    """Make, change and delete segments and the discount until they are what the tiers ask for.

    What Shopify has already is left alone, so that repeating this changes nothing. What Shopify
    refuses is logged and tried again with the next change. Raises ShopifyUnavailable.
    """
    shop_id = tenant.shop_id
    if shop_id is None:
        raise ValueError(tenant)
    with parts.database.tenant(tenant) as session:
        segments = segments_of_tiers(session, shop_id)
        shipping = shipping_of_shop(session, shop_id)
    effects = _Effects(parts, tenant, run, shop_id)
    for tier in tiers:
        if tier.customer_tag is not None:
            effects.keep_segment(segments, tier, f"{program_name}: {tier.name}")
    free = {
        segments[tier.id].segment_gid
        for tier in tiers
        if tier.free_shipping and tier.customer_tag is not None and tier.id in segments
    }
    effects.keep_shipping(shipping, free, program_name)
    kept = {tier.id for tier in tiers if tier.customer_tag is not None}
    # Last, as Shopify keeps a segment that a discount is for.
    effects.drop_segments([row for tier_id, row in segments.items() if tier_id not in kept])


class _Effects:
    """Each step at Shopify, and what is noted of it at once."""

    def __init__(self, parts: Container, tenant: Tenant, run: Run, shop_id: int) -> None:
        self._parts = parts
        self._tenant = tenant
        self._run = run
        self._shop_id = shop_id

    def keep_segment(self, segments: dict[int, SegmentRow], tier: TierLevel, name: str) -> None:
        tag = tier.customer_tag or ""
        known = segments.get(tier.id)
        if known is not None and (known.name, known.tag) == (name, tag):
            return
        try:
            gid = save_segment(
                self._run, name=name, tag=tag, gid=known.segment_gid if known else None
            )
        except ShopifyRefused as refusal:
            logger.warning("Segment of tier %s refused: %s", tier.id, refusal)
            return
        segments[tier.id] = SegmentRow(tier_id=tier.id, segment_gid=gid, name=name, tag=tag)
        with self._parts.database.tenant(self._tenant) as session:
            note_segment(session, shop_id=self._shop_id, segment=segments[tier.id])

    def keep_shipping(self, known: ShippingRow | None, free: set[str], title: str) -> None:
        if (known.segment_gids if known else frozenset()) == free and (
            known is None or known.title == title
        ):
            return
        try:
            wanted = self._told(known, frozenset(free), title)
        except ShopifyRefused as refusal:
            logger.warning("Free shipping of shop %s refused: %s", self._shop_id, refusal)
            return
        with self._parts.database.tenant(self._tenant) as session:
            note_shipping(session, shop_id=self._shop_id, shipping=wanted)

    def _told(
        self, known: ShippingRow | None, free: frozenset[str], title: str
    ) -> ShippingRow | None:
        """Tell Shopify and return what it has then."""
        if known is not None and not free:
            end_shipping(self._run, known.discount_gid)
            return None
        if known is not None and change_shipping(
            self._run,
            known.discount_gid,
            title=title,
            add=free - known.segment_gids,
            remove=known.segment_gids - free,
        ):
            gid = known.discount_gid
        else:
            gid = create_shipping(self._run, title=title, segment_gids=free, now=utc_now())
        return ShippingRow(discount_gid=gid, title=title, segment_gids=free)

    def drop_segments(self, rows: Sequence[SegmentRow]) -> None:
        for row in rows:
            try:
                delete_segment(self._run, row.segment_gid)
            except ShopifyRefused as refusal:
                logger.warning("Segment of tier %s not deleted: %s", row.tier_id, refusal)
                continue
            with self._parts.database.tenant(self._tenant) as session:
                forget_segments(session, shop_id=self._shop_id, tier_ids=[row.tier_id])
