"""What a type of reward is: its typed configuration, what may be entered, what discount it asks."""

import importlib
import pkgutil
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal, Protocol

from app.domain import rewards
from app.domain.errors import LoyaltyError

FieldKind = Literal["money", "percentage", "whole_number"]
DiscountKind = Literal["amount", "percentage", "free_shipping"]


@dataclass(frozen=True, slots=True, kw_only=True)
class RewardField:
    """One field of a reward's settings form."""

    name: str
    kind: FieldKind
    required: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class DiscountRequest:
    """The discount that a reward asks Shopify for."""

    kind: DiscountKind
    amount_minor: int = 0
    percentage_bp: int = 0
    minimum_subtotal_minor: int = 0
    """0: no minimum."""
    combines_with_order: bool = False
    combines_with_product: bool = True
    combines_with_shipping: bool = True


class InvalidReward(LoyaltyError):
    """The reward's configuration cannot be accepted."""

    def __init__(self, field_errors: Mapping[str, str]) -> None:
        super().__init__()
        self.field_errors = dict(field_errors)
        """By field name: required, not_positive, negative, too_large, not_a_number, unknown."""


class RewardType(Protocol):
    """A file in app/domain/rewards."""

    name: str
    fields: tuple[RewardField, ...]

    def parse(self, config: Mapping[str, Any]) -> Any:  # noqa: ANN401 - each type has its own
        """Return the typed configuration, or raise InvalidReward naming each wrong field."""

    def discount(self, config: Mapping[str, Any]) -> DiscountRequest:
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


def whole_numbers(
    fields: tuple[RewardField, ...], config: Mapping[str, Any], most: Mapping[str, int]
) -> dict[str, int]:
    """Return the fields of `config` as whole numbers, or raise InvalidReward with every fault.

    Required fields must be above 0, the others may be left out and count as 0; none may exceed
    its entry in `most`.
    """
    values: dict[str, int] = {}
    errors = {name: "unknown" for name in config if name not in {field.name for field in fields}}
    for field in fields:
        value = config.get(field.name)
        fault = _fault(field, value, most[field.name])
        if fault:
            errors[field.name] = fault
        else:
            values[field.name] = value or 0
    if errors:
        raise InvalidReward(errors)
    return values


def _fault(field: RewardField, value: object, most: int) -> str | None:
    if value is None:
        return "required" if field.required else None
    if not isinstance(value, int) or isinstance(value, bool):
        return "not_a_number"
    if value > most:
        return "too_large"
    if field.required and value <= 0:
        return "not_positive"
    return "negative" if value < 0 else None
