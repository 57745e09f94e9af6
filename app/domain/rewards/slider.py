"""An amount off an order that the shopper picks: any multiple of a step."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.domain.reward import DiscountRequest, Worth
from app.domain.reward_choice import PointsPick, Purchase, pick_points
from app.domain.reward_fields import MINIMUM_SUBTOTAL, InvalidReward, RewardField, read_fields
from app.domain.ways import WayName

MOST_POINTS = 10**9


@dataclass(frozen=True, slots=True, kw_only=True)
class SliderConfig:
    """How much each step takes off, in minor units, and from how many to how many points."""

    amount_minor: int
    least_points: int = 0
    """0: one step."""
    most_points: int = 0
    """0: no end, up to the whole of an order."""
    minimum_subtotal_minor: int = 0


class Slider:
    """Takes as much off the order as the shopper wants, in steps of what the reward costs.

    Cashback is a slider of small steps without an end.
    """

    name = "slider"
    way: WayName = "discount_code"
    fields = (
        RewardField(name="amount_minor", kind="money", required=True),
        RewardField(name="least_points", kind="points", required=False, most=MOST_POINTS),
        RewardField(name="most_points", kind="points", required=False, most=MOST_POINTS),
        MINIMUM_SUBTOTAL,
    )

    def parse(self, config: Mapping[str, Any]) -> SliderConfig:
        """Return the typed configuration; see RewardType."""
        parsed = SliderConfig(**read_fields(self.fields, config))
        if parsed.most_points and parsed.most_points < parsed.least_points:
            raise InvalidReward({"most_points": "below_least"})
        return parsed

    def pick(self, config: Mapping[str, Any], points: int) -> PointsPick:
        """Return the multiples that can be picked: never less than one step."""
        terms = self.parse(config)
        return PointsPick(
            step=points,
            least=max(-(-terms.least_points // points), 1) * points,
            most=terms.most_points // points * points if terms.most_points else None,
            step_minor=terms.amount_minor,
        )

    def purchase(
        self, config: Mapping[str, Any], points: int, choice: Mapping[str, Any]
    ) -> Purchase:
        """Return what the picked points buy."""
        return pick_points(self.pick(config, points), choice)

    def worth(self, config: Mapping[str, Any], choice: Mapping[str, Any]) -> Worth:
        """Return the amount that was picked, or of one step before the pick."""
        terms = self.parse(config)
        return Worth(
            kind="amount" if choice else "slider",
            amount_minor=terms.amount_minor * int(choice.get("steps", 1)),
            minimum_subtotal_minor=terms.minimum_subtotal_minor,
        )

    def discount(self, config: Mapping[str, Any], choice: Mapping[str, Any]) -> DiscountRequest:
        """Return the discount to ask Shopify for."""
        terms = self.parse(config)
        return DiscountRequest(
            kind="amount",
            amount_minor=terms.amount_minor * int(choice["steps"]),
            minimum_subtotal_minor=terms.minimum_subtotal_minor,
        )


REWARD = Slider()
