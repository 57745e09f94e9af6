"""What a type of reward is: its typed configuration, what it is worth, how it reaches the member."""

import importlib
import pkgutil
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal, Protocol, runtime_checkable

from app.domain import rewards
from app.domain.reward_choice import Pick, Purchase
from app.domain.reward_fields import InvalidReward, RewardField
from app.domain.reward_offer import DiscountClass
from app.domain.ways import WayName

__all__ = [
    "DiscountRequest",
    "InvalidReward",
    "RewardField",
    "RewardType",
    "Worth",
    "discount_of",
    "reward_type",
    "reward_types",
]

DiscountKind = Literal["amount", "percentage", "free_shipping", "free_variant"]
WorthKind = Literal[
    "amount",
    "slider",
    "percentage",
    "free_shipping",
    "free_product",
    "store_credit",
    "gift_card",
    "donation",
    "by_staff",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class DiscountRequest:
    """The discount that a reward asks Shopify for."""

    kind: DiscountKind
    amount_minor: int = 0
    percentage_bp: int = 0
    variant_id: int | None = None
    """Of which one is free."""
    minimum_subtotal_minor: int = 0
    """0: no minimum."""
    combines_with: tuple[DiscountClass, ...] = ("product", "shipping")
    """Unless the offer says otherwise."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Worth:
    """What a reward gives, for those who put it into words or amounts."""

    kind: WorthKind
    amount_minor: int = 0
    """Of money: what comes off, or is given. For a slider before the pick: of one step."""
    percentage_bp: int = 0
    variant_id: int | None = None
    """The variant that was picked, once it was."""
    text: str = ""
    """What the merchant calls it: a cause, or what staff do."""
    minimum_subtotal_minor: int = 0
    life_days: int = 0
    """How long money that was given lasts; 0: for ever."""


class RewardType(Protocol):
    """A file in app/domain/rewards.

    `config` is as `parse` accepts it, `points` what the reward costs (a slider: one step), and
    `choice` what a purchase keeps of the shopper's pick.
    """

    name: str
    way: WayName
    fields: tuple[RewardField, ...]

    def parse(self, config: Mapping[str, Any]) -> Any:  # noqa: ANN401 - each type has its own
        """Return the typed configuration, or raise InvalidReward naming each wrong field."""

    def pick(self, config: Mapping[str, Any], points: int) -> Pick | None:
        """Return what the shopper has to pick, or None."""

    def purchase(
        self, config: Mapping[str, Any], points: int, choice: Mapping[str, Any]
    ) -> Purchase:
        """Return what the shopper's pick costs, or raise InvalidChoice."""

    def worth(self, config: Mapping[str, Any], choice: Mapping[str, Any]) -> Worth:
        """Return what it gives, before (`choice` empty) or after a pick."""


@runtime_checkable
class CodeRewardType(Protocol):
    """A reward type whose way is a discount code."""

    def discount(self, config: Mapping[str, Any], choice: Mapping[str, Any]) -> DiscountRequest:
        """Return what to ask Shopify for."""


@cache
def reward_types() -> Mapping[str, RewardType]:
    """Return every reward type by name: one a file in app/domain/rewards."""
    found: dict[str, RewardType] = {}
    for module in pkgutil.iter_modules(rewards.__path__, rewards.__name__ + "."):
        reward_type: RewardType = importlib.import_module(module.name).REWARD
        found[reward_type.name] = reward_type
    return found


def reward_type(name: str) -> RewardType:
    """Return the reward type `name`; raise InvalidReward when there is none."""
    try:
        return reward_types()[name]
    except KeyError:
        raise InvalidReward({"type": "unknown"}) from None


def discount_of(name: str, config: Mapping[str, Any], choice: Mapping[str, Any]) -> DiscountRequest:
    """Return the discount that a purchase asks for; raise InvalidReward where there is no code."""
    found = reward_type(name)
    if not isinstance(found, CodeRewardType):
        raise InvalidReward({"type": "not_a_code"})
    return found.discount(config, choice)
