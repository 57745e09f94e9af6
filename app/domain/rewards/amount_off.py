"""A fixed amount off an order."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.domain.reward import DiscountRequest, Worth
from app.domain.reward_choice import NothingToPick
from app.domain.reward_fields import MINIMUM_SUBTOTAL, RewardField, read_fields
from app.domain.ways import WayName


@dataclass(frozen=True, slots=True, kw_only=True)
class AmountOffConfig:
    """How much off, and from which subtotal on; in minor units."""

    amount_minor: int
    minimum_subtotal_minor: int = 0


class AmountOff(NothingToPick):
    """Takes a fixed amount off the whole order."""

    name = "amount_off"
    way: WayName = "discount_code"
    fields = (RewardField(name="amount_minor", kind="money", required=True), MINIMUM_SUBTOTAL)

    def parse(self, config: Mapping[str, Any]) -> AmountOffConfig:
        """Return the typed configuration; see RewardType."""
        return AmountOffConfig(**read_fields(self.fields, config))

    def worth(self, config: Mapping[str, Any], choice: Mapping[str, Any]) -> Worth:
        """Return the amount."""
        terms = self.parse(config)
        return Worth(
            kind="amount",
            amount_minor=terms.amount_minor,
            minimum_subtotal_minor=terms.minimum_subtotal_minor,
        )

    def discount(self, config: Mapping[str, Any], choice: Mapping[str, Any]) -> DiscountRequest:
        """Return the discount to ask Shopify for."""
        terms = self.parse(config)
        return DiscountRequest(
            kind="amount",
            amount_minor=terms.amount_minor,
            minimum_subtotal_minor=terms.minimum_subtotal_minor,
        )


REWARD = AmountOff()
