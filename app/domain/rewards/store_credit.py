"""Store credit: money in the customer's account at the shop."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.domain.reward import Worth
from app.domain.reward_choice import NothingToPick
from app.domain.reward_fields import RewardField, read_fields
from app.domain.ways import WayName

MOST_DAYS = 3_650


@dataclass(frozen=True, slots=True, kw_only=True)
class StoreCreditConfig:
    """How much credit in minor units, and how many days it lasts.

    It always ends: the moment of its end is also how an attempt is found whose answer was lost.
    """

    amount_minor: int
    life_days: int


class StoreCredit(NothingToPick):
    """Credits the customer's store credit account."""

    name = "store_credit"
    way: WayName = "store_credit"
    fields = (
        RewardField(name="amount_minor", kind="money", required=True),
        RewardField(name="life_days", kind="days", required=True, most=MOST_DAYS),
    )

    def parse(self, config: Mapping[str, Any]) -> StoreCreditConfig:
        """Return the typed configuration; see RewardType."""
        return StoreCreditConfig(**read_fields(self.fields, config))

    def worth(self, config: Mapping[str, Any], choice: Mapping[str, Any]) -> Worth:
        """Return the amount."""
        terms = self.parse(config)
        return Worth(
            kind="store_credit", amount_minor=terms.amount_minor, life_days=terms.life_days
        )


REWARD = StoreCredit()
