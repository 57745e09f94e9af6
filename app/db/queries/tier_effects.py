"""What Shopify was told of tiers: tags of customers, segments, free shipping."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db.bulk import among
from app.db.models import CustomerTag, ShopShipping, TierSegment


@dataclass(frozen=True, slots=True, kw_only=True)
class SegmentRow:
    """A tier's segment as Shopify was last told of it."""

    tier_id: int
    segment_gid: str
    name: str
    tag: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ShippingRow:
    """The automatic discount as Shopify was last told of it."""

    discount_gid: str
    title: str
    segment_gids: frozenset[str]


def tags_of_customers(
    session: Session, shop_id: int, customer_ids: Iterable[int]
) -> dict[int, set[str]]:
    """Return the tags of ours that customers have, or may have."""
    rows = session.execute(
        select(CustomerTag.customer_id, CustomerTag.tag).where(
            CustomerTag.shop_id == shop_id, among(CustomerTag.customer_id, customer_ids)
        )
    )
    found: dict[int, set[str]] = {}
    for customer_id, tag in rows:
        found.setdefault(customer_id, set()).add(tag)
    return found


def segments_of_tiers(session: Session, shop_id: int) -> dict[int, SegmentRow]:
    """Return the segments that the shop has, by tier."""
    rows = session.execute(
        select(
            TierSegment.tier_id, TierSegment.segment_gid, TierSegment.name, TierSegment.tag
        ).where(TierSegment.shop_id == shop_id)
    )
    return {row.tier_id: SegmentRow(**row._mapping) for row in rows}


def shipping_of_shop(session: Session, shop_id: int) -> ShippingRow | None:
    """Return the shop's automatic discount, if it has one."""
    row = session.execute(
        select(ShopShipping.discount_gid, ShopShipping.title, ShopShipping.segment_gids).where(
            ShopShipping.shop_id == shop_id
        )
    ).one_or_none()
    if row is None:
        return None
    return ShippingRow(
        discount_gid=row.discount_gid, title=row.title, segment_gids=frozenset(row.segment_gids)
    )
