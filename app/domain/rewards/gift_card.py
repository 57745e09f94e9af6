"""A gift card of the shop."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.domain.reward import Worth
from app.domain.reward_choice import NothingToPick
from app.domain.reward_fields import RewardField, read_fields
from app.domain.ways import WayName

MOST_DAYS = 3_650


@dataclass(frozen=True, slots=True, kw_only=True)
class GiftCardConfig:
    """How much is on the card in minor units, and how many days it lasts; 0: for ever."""

    amount_minor: int
    life_days: int = 0


class GiftCard(NothingToPick):
    """Makes a gift card that the customer may use or give away."""

    name = "gift_card"
    way: WayName = "gift_card"
    fields = (
        RewardField(name="amount_minor", kind="money", required=True),
        RewardField(name="life_days", kind="days", required=False, most=MOST_DAYS),
    )

    def parse(self, config: Mapping[str, Any]) -> GiftCardConfig:
        """Return the typed configuration; see RewardType."""
        return GiftCardConfig(**read_fields(self.fields, config))

    def worth(self, config: Mapping[str, Any], choice: Mapping[str, Any]) -> Worth:
        """Return the amount."""
        terms = self.parse(config)
        return Worth(kind="gift_card", amount_minor=terms.amount_minor, life_days=terms.life_days)


REWARD = GiftCard()
