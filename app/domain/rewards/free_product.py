"""A product for free, which the shopper picks from a set."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.domain.reward import DiscountRequest, Worth
from app.domain.reward_choice import Purchase, VariantPick, pick_variant
from app.domain.reward_fields import MOST_VARIANTS, RewardField, read_fields
from app.domain.ways import WayName


@dataclass(frozen=True, slots=True, kw_only=True)
class FreeProductConfig:
    """The product variants of which one is free."""

    variant_ids: tuple[int, ...]


class FreeProduct:
    """Takes the price of one piece of a product off the order that has it in its cart.

    Shopify counts a minimum for a product's discount in that product alone, so there is none.
    """

    name = "free_product"
    way: WayName = "discount_code"
    fields = (RewardField(name="variant_ids", kind="variants", required=True, most=MOST_VARIANTS),)

    def parse(self, config: Mapping[str, Any]) -> FreeProductConfig:
        """Return the typed configuration; see RewardType."""
        return FreeProductConfig(**read_fields(self.fields, config))

    def pick(self, config: Mapping[str, Any], points: int) -> VariantPick:
        """Return the variants to pick from."""
        return VariantPick(variant_ids=self.parse(config).variant_ids)

    def purchase(
        self, config: Mapping[str, Any], points: int, choice: Mapping[str, Any]
    ) -> Purchase:
        """Return the purchase of the picked variant."""
        return pick_variant(self.pick(config, points), points, choice)

    def worth(self, config: Mapping[str, Any], choice: Mapping[str, Any]) -> Worth:
        """Return the product that was picked."""
        return Worth(kind="free_product", variant_id=choice.get("variant_id"))

    def discount(self, config: Mapping[str, Any], choice: Mapping[str, Any]) -> DiscountRequest:
        """Return the discount to ask Shopify for."""
        return DiscountRequest(
            kind="free_variant",
            variant_id=int(choice["variant_id"]),
            combines_with=("order", "product", "shipping"),
        )


REWARD = FreeProduct()
