"""What a shopper picks of a reward: how many points, or which product."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.domain.errors import LoyaltyError

NOTHING: Mapping[str, Any] = {}
"""The choice of a reward of which nothing is picked."""


class InvalidChoice(LoyaltyError):
    """What the shopper picked cannot be had."""

    def __init__(self, code: str) -> None:
        super().__init__()
        self.code = code
        """nothing_picked, not_a_multiple, too_few, too_many, not_in_the_set, nothing_to_pick."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PointsPick:
    """Any multiple of `step` points from `least` to `most`; each step is worth `step_minor`."""

    step: int
    least: int
    most: int | None
    """None: as many as the shopper has."""
    step_minor: int

    def stops(self, available: int, stops_max: int) -> list[int]:
        """Return the points to offer to one who has `available`: the least and the most among them.

        Every multiple where they fit into `stops_max`, else every second, third and so on.
        """
        most = available if self.most is None else min(available, self.most)
        multiples = range(self.least, most + 1, self.step)
        stride = -(-len(multiples) // stops_max) or 1
        return sorted({*multiples[::stride], *multiples[-1:]})

    def worth_minor(self, points: int) -> int:
        """Return what a multiple is worth."""
        return points // self.step * self.step_minor


@dataclass(frozen=True, slots=True, kw_only=True)
class VariantPick:
    """One of these product variants."""

    variant_ids: tuple[int, ...]


Pick = PointsPick | VariantPick


@dataclass(frozen=True, slots=True, kw_only=True)
class Purchase:
    """What a redemption buys: the points it costs, and the choice as it is kept.

    Kept are {} for nothing to pick, {"points": 300, "steps": 3}, or {"variant_id": 42}.
    """

    points: int
    choice: Mapping[str, Any]


def pick_points(pick: PointsPick, choice: Mapping[str, Any]) -> Purchase:
    """Return the purchase of as many points as were picked; raise InvalidChoice."""
    points = _only(choice, "points")
    if points % pick.step:
        raise InvalidChoice("not_a_multiple")
    if points < pick.least:
        raise InvalidChoice("too_few")
    if pick.most is not None and points > pick.most:
        raise InvalidChoice("too_many")
    return Purchase(points=points, choice={"points": points, "steps": points // pick.step})


def pick_variant(pick: VariantPick, points: int, choice: Mapping[str, Any]) -> Purchase:
    """Return the purchase of the variant that was picked; raise InvalidChoice.

    Where there is but one, nothing has to be picked.
    """
    if not choice and len(pick.variant_ids) == 1:
        return Purchase(points=points, choice={"variant_id": pick.variant_ids[0]})
    variant_id = _only(choice, "variant_id")
    if variant_id not in pick.variant_ids:
        raise InvalidChoice("not_in_the_set")
    return Purchase(points=points, choice={"variant_id": variant_id})


def _only(choice: Mapping[str, Any], name: str) -> int:
    if set(choice) != {name}:
        raise InvalidChoice("nothing_picked")
    value = choice[name]
    if not isinstance(value, int) or isinstance(value, bool) or value <= 0:
        raise InvalidChoice("nothing_picked")
    return value


class NothingToPick:
    """What types have in common of which nothing is picked: they cost what they cost."""

    def pick(self, config: Mapping[str, Any], points: int) -> None:
        """Leave nothing to pick."""

    def purchase(
        self, config: Mapping[str, Any], points: int, choice: Mapping[str, Any]
    ) -> Purchase:
        """Return the purchase at its fixed cost; raise InvalidChoice for any choice."""
        if choice:
            raise InvalidChoice("nothing_to_pick")
        return Purchase(points=points, choice={})
