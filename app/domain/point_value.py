"""What points are worth in money, by what they buy."""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple


class PointValue(NamedTuple):
    """So many points buy so much."""

    points: int
    amount_minor: int

    def of(self, points: int) -> int:
        """Return the worth of `points` in minor units, rounded towards zero."""
        worth_minor = abs(points) * self.amount_minor // self.points
        return worth_minor if points >= 0 else -worth_minor


def point_value(offers: Iterable[tuple[str, int, Mapping[str, Any]]]) -> PointValue | None:
    """Return the best rate at which an amount off can be bought; None when none is offered.

    `offers` are (type, points, configuration) of rewards. The best rate is the careful one: no
    shopper gets more for their points.
    """
    rates = [
        PointValue(points, config["amount_minor"])
        for kind, points, config in offers
        if kind == "amount_off" and points > 0
    ]
    best: PointValue | None = None
    for rate in rates:
        if best is None or rate.amount_minor * best.points > best.amount_minor * rate.points:
            best = rate
    return best
