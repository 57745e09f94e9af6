"""A fixed amount off an order."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.domain.reward import DiscountRequest, RewardField, whole_numbers

MOST = {"amount_minor": 10**12, "minimum_subtotal_minor": 10**12}


@dataclass(frozen=True, slots=True, kw_only=True)
class AmountOffConfig:
    """How much off, and from which subtotal on; in minor units."""

    amount_minor: int
    minimum_subtotal_minor: int = 0


class AmountOff:
    """Takes a fixed amount off the whole order."""

    name = "amount_off"
    fields = (
        RewardField(name="amount_minor", kind="money", required=True),
        RewardField(name="minimum_subtotal_minor", kind="money", required=False),
    )

    def parse(self, config: Mapping[str, Any]) -> AmountOffConfig:
        """Return the typed configuration; see RewardType."""
        return AmountOffConfig(**whole_numbers(self.fields, config, MOST))

    def discount(self, config: Mapping[str, Any]) -> DiscountRequest:
        """Return the discount to ask Shopify for."""
        terms = self.parse(config)
        return DiscountRequest(
            kind="amount",
            amount_minor=terms.amount_minor,
            minimum_subtotal_minor=terms.minimum_subtotal_minor,
        )


REWARD = AmountOff()
