"""A donation to a cause, in the member's name."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.domain.reward import Worth
from app.domain.reward_choice import NothingToPick
from app.domain.reward_fields import MOST_TEXT, RewardField, read_fields
from app.domain.ways import WayName


@dataclass(frozen=True, slots=True, kw_only=True)
class DonationConfig:
    """To whom, and how much the merchant gives in minor units; 0: not said."""

    cause: str
    amount_minor: int = 0


class Donation(NothingToPick):
    """Moves points to a cause for which the merchant gives money."""

    name = "donation"
    way: WayName = "donation"
    fields = (
        RewardField(name="cause", kind="text", required=True, most=MOST_TEXT),
        RewardField(name="amount_minor", kind="money", required=False),
    )

    def parse(self, config: Mapping[str, Any]) -> DonationConfig:
        """Return the typed configuration; see RewardType."""
        return DonationConfig(**read_fields(self.fields, config))

    def worth(self, config: Mapping[str, Any], choice: Mapping[str, Any]) -> Worth:
        """Return the cause and the amount."""
        terms = self.parse(config)
        return Worth(kind="donation", amount_minor=terms.amount_minor, text=terms.cause)


REWARD = Donation()
