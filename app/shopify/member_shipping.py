"""Free shipping as a standing perk: an automatic discount for the segments of tiers."""

from collections.abc import Collection
from datetime import UTC, datetime
from typing import Any

from app.shopify.client import Run
from app.shopify.discounts import CLOCK_SKEW
from app.shopify.errors import ShopifyRefused

OURS = "regulars-free-shipping"
"""The tag by which the discount is known; merchants may have others of the same title."""


def create_shipping(run: Run, *, title: str, segment_gids: Collection[str], now: datetime) -> str:
    """Give free shipping to the customers of the segments and return the discount's id.

    One that is tagged as ours is what an attempt before made. Raises ShopifyRefused.
    """
    known = _find(run)
    discount = {
        "title": title,
        "tags": [OURS],
        "destination": {"all": True},
        # Two shipping discounts never go together.
        "combinesWith": {
            "orderDiscounts": True,
            "productDiscounts": True,
            "shippingDiscounts": False,
        },
        "context": {"customerSegments": {"add": sorted(segment_gids)}},
    }
    if known is not None:
        run("update_free_shipping", {"id": known, "discount": discount}, repeatable=True)
        return known
    starts_at = (now - CLOCK_SKEW).astimezone(UTC).isoformat()
    data = run("create_free_shipping", {"discount": discount | {"startsAt": starts_at}})
    return str(data["discountAutomaticFreeShippingCreate"]["automaticDiscountNode"]["id"])


def change_shipping(
    run: Run, gid: str, *, title: str, add: Collection[str], remove: Collection[str]
) -> bool:
    """Change the discount's title and segments; return False when the merchant deleted it."""
    change: dict[str, Any] = {"title": title}
    if add or remove:
        # What is left out stays; at Shopify an empty list is no change either.
        change["context"] = {"customerSegments": {"add": sorted(add), "remove": sorted(remove)}}
    try:
        run("update_free_shipping", {"id": gid, "discount": change}, repeatable=True)
    except ShopifyRefused as refusal:
        if any(error.field == "id" for error in refusal.errors):
            return False
        raise
    return True


def end_shipping(run: Run, gid: str) -> None:
    """Delete the discount; one that is gone is done. Raises ShopifyRefused."""
    try:
        run("delete_automatic_discount", {"id": gid}, repeatable=True)
    except ShopifyRefused as refusal:
        if not any(error.field == "id" for error in refusal.errors):
            raise


def _find(run: Run) -> str | None:
    after = None
    while True:
        page = run("find_automatic_discounts", {"after": after})["discountNodes"]
        for node in page["nodes"]:
            if OURS in node["discount"].get("tags", ()):
                number = node["id"].rpartition("/")[2]
                return f"gid://shopify/DiscountAutomaticNode/{number}"
        if not page["pageInfo"]["hasNextPage"]:
            return None
        after = page["pageInfo"]["endCursor"]
