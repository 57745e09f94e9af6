"""Points for an amount of spend, and their fair split over what earned them."""

from collections.abc import Sequence

from app.domain.program_rules import ProgramRules

FULL_BP = 10_000


def points_for(spend_minor: int, rules: ProgramRules, multiplier_bp: int = FULL_BP) -> int:
    """Return the points that `spend_minor` earns, multiplied first and rounded once as set."""
    numerator = spend_minor * rules.points_per_unit * multiplier_bp
    denominator = rules.unit_minor * FULL_BP
    if rules.rounding == "half_up":
        return (2 * numerator + denominator) // (2 * denominator)
    return numerator // denominator


def apportion(total: int, weights: Sequence[int]) -> list[int]:
    """Split `total` in proportion to `weights` so that the parts sum to it exactly.

    Largest remainder: each part is rounded down, the units left over go to the largest remainders,
    the earlier first. Weights are not negative; all zero gives zeros.
    """
    whole = sum(weights)
    if not whole:
        return [0] * len(weights)
    if len(weights) <= 2:
        # Of two, one unit at most is left over; it goes to the first if that lacks half or less.
        first = (2 * total * weights[0] + whole) // (2 * whole)
        return [first, total - first][: len(weights)]
    parts, remainders, left = [], [], total
    for weight in weights:
        numerator = total * weight
        part = numerator // whole
        parts.append(part)
        remainders.append(numerator % whole)
        left -= part
    if left == 1:
        parts[remainders.index(max(remainders))] += 1
    elif left:
        # Sorting in reverse keeps the earlier of two equal ones first, too.
        by_remainder = sorted(range(len(weights)), key=remainders.__getitem__, reverse=True)
        for index in by_remainder[:left]:
            parts[index] += 1
    return parts
