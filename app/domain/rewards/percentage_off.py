"""A percentage off an order."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.domain.reward import DiscountRequest, RewardField, whole_numbers

MOST = {"percentage_bp": 10_000, "minimum_subtotal_minor": 10**12}


@dataclass(frozen=True, slots=True, kw_only=True)
class PercentageOffConfig:
    """How much off in basis points, and from which subtotal on in minor units."""

    percentage_bp: int
    minimum_subtotal_minor: int = 0


class PercentageOff:
    """Takes a share off the whole order."""

    name = "percentage_off"
    fields = (
        RewardField(name="percentage_bp", kind="percentage", required=True),
        RewardField(name="minimum_subtotal_minor", kind="money", required=False),
    )

    def parse(self, config: Mapping[str, Any]) -> PercentageOffConfig:
        """Return the typed configuration; see RewardType."""
        return PercentageOffConfig(**whole_numbers(self.fields, config, MOST))

    def discount(self, config: Mapping[str, Any]) -> DiscountRequest:
        """Return the discount to ask Shopify for."""
        terms = self.parse(config)
        return DiscountRequest(
            kind="percentage",
            percentage_bp=terms.percentage_bp,
            minimum_subtotal_minor=terms.minimum_subtotal_minor,
        )


REWARD = PercentageOff()
