"""A percentage off an order."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.domain.reward import DiscountRequest, Worth
from app.domain.reward_choice import NothingToPick
from app.domain.reward_fields import MINIMUM_SUBTOTAL, RewardField, read_fields
from app.domain.ways import WayName


@dataclass(frozen=True, slots=True, kw_only=True)
class PercentageOffConfig:
    """How much off in basis points, and from which subtotal on in minor units."""

    percentage_bp: int
    minimum_subtotal_minor: int = 0


class PercentageOff(NothingToPick):
    """Takes a share off the whole order."""

    name = "percentage_off"
    way: WayName = "discount_code"
    fields = (
        RewardField(name="percentage_bp", kind="percentage", required=True, most=10_000),
        MINIMUM_SUBTOTAL,
    )

    def parse(self, config: Mapping[str, Any]) -> PercentageOffConfig:
        """Return the typed configuration; see RewardType."""
        return PercentageOffConfig(**read_fields(self.fields, config))

    def worth(self, config: Mapping[str, Any], choice: Mapping[str, Any]) -> Worth:
        """Return the share."""
        terms = self.parse(config)
        return Worth(
            kind="percentage",
            percentage_bp=terms.percentage_bp,
            minimum_subtotal_minor=terms.minimum_subtotal_minor,
        )

    def discount(self, config: Mapping[str, Any], choice: Mapping[str, Any]) -> DiscountRequest:
        """Return the discount to ask Shopify for."""
        terms = self.parse(config)
        return DiscountRequest(
            kind="percentage",
            percentage_bp=terms.percentage_bp,
            minimum_subtotal_minor=terms.minimum_subtotal_minor,
        )


REWARD = PercentageOff()
