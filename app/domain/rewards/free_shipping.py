"""Shipping for free."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.domain.reward import DiscountRequest, RewardField, whole_numbers

MOST = {"minimum_subtotal_minor": 10**12}


@dataclass(frozen=True, slots=True, kw_only=True)
class FreeShippingConfig:
    """From which subtotal on, in minor units."""

    minimum_subtotal_minor: int = 0


class FreeShipping:
    """Takes the shipping off the order."""

    name = "free_shipping"
    fields = (RewardField(name="minimum_subtotal_minor", kind="money", required=False),)

    def parse(self, config: Mapping[str, Any]) -> FreeShippingConfig:
        """Return the typed configuration; see RewardType."""
        return FreeShippingConfig(**whole_numbers(self.fields, config, MOST))

    def discount(self, config: Mapping[str, Any]) -> DiscountRequest:
        """Return the discount to ask Shopify for."""
        terms = self.parse(config)
        return DiscountRequest(
            kind="free_shipping",
            minimum_subtotal_minor=terms.minimum_subtotal_minor,
            combines_with_order=True,
            combines_with_shipping=False,
        )


REWARD = FreeShipping()
