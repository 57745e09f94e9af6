"""Keeps what Shopify was told of a shop's tiers."""

from collections.abc import Collection

from sqlalchemy import delete
from sqlalchemy.orm import Session

from app.db.bulk import upsert_rows
from app.db.models import ShopShipping, TierSegment
from app.db.queries.tier_effects import SegmentRow, ShippingRow


def note_segment(session: Session, *, shop_id: int, segment: SegmentRow) -> None:
    """Keep a tier's segment as Shopify has it now."""
    row = {
        "shop_id": shop_id,
        "tier_id": segment.tier_id,
        "segment_gid": segment.segment_gid,
        "name": segment.name,
        "tag": segment.tag,
    }
    upsert_rows(session, TierSegment, [row])


def forget_segments(session: Session, *, shop_id: int, tier_ids: Collection[int]) -> None:
    """Forget segments that Shopify deleted."""
    session.execute(
        delete(TierSegment).where(TierSegment.shop_id == shop_id, TierSegment.tier_id.in_(tier_ids))
    )


def note_shipping(session: Session, *, shop_id: int, shipping: ShippingRow | None) -> None:
    """Keep the shop's automatic discount as Shopify has it now; None: it has none."""
    session.execute(delete(ShopShipping).where(ShopShipping.shop_id == shop_id))
    if shipping is not None:
        session.add(
            ShopShipping(
                shop_id=shop_id,
                discount_gid=shipping.discount_gid,
                title=shipping.title,
                segment_gids=sorted(shipping.segment_gids),
            )
        )
        session.flush()
