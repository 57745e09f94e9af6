"""Shipping for free."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.domain.reward import DiscountRequest, Worth
from app.domain.reward_choice import NothingToPick
from app.domain.reward_fields import MINIMUM_SUBTOTAL, read_fields
from app.domain.ways import WayName


@dataclass(frozen=True, slots=True, kw_only=True)
class FreeShippingConfig:
    """From which subtotal on, in minor units."""

    minimum_subtotal_minor: int = 0


class FreeShipping(NothingToPick):
    """Takes the shipping off the order."""

    name = "free_shipping"
    way: WayName = "discount_code"
    fields = (MINIMUM_SUBTOTAL,)

    def parse(self, config: Mapping[str, Any]) -> FreeShippingConfig:
        """Return the typed configuration; see RewardType."""
        return FreeShippingConfig(**read_fields(self.fields, config))

    def worth(self, config: Mapping[str, Any], choice: Mapping[str, Any]) -> Worth:
        """Return that shipping is free."""
        minimum_minor = self.parse(config).minimum_subtotal_minor
        return Worth(kind="free_shipping", minimum_subtotal_minor=minimum_minor)

    def discount(self, config: Mapping[str, Any], choice: Mapping[str, Any]) -> DiscountRequest:
        """Return the discount to ask Shopify for."""
        return DiscountRequest(
            kind="free_shipping",
            minimum_subtotal_minor=self.parse(config).minimum_subtotal_minor,
            combines_with=("order", "product"),
        )


REWARD = FreeShipping()
