"""How many of a redemption's points come back when its order is refunded or cancelled."""

from collections.abc import Callable, Iterable

from app.domain.order_snapshot import OrderLine, OrderSnapshot, beyond_lines_minor
from app.domain.program_rules import ReturnPolicy


def points_to_return(
    points: int, snapshot: OrderSnapshot, policy: ReturnPolicy, *, deleted: bool = False
) -> int:
    """Return how many of `points` the order, as it stands, gives back in all, rounded down."""
    if policy == "never":
        return 0
    if deleted or snapshot.cancelled_at is not None:
        return points
    back, whole = sent_back(snapshot)
    if back >= whole:
        return points
    return 0 if policy == "full_only" else points * back // whole


def sent_back(snapshot: OrderSnapshot) -> tuple[int, int]:
    """Return how much of the order went back, as a numerator and its denominator.

    By what was charged for the lines; where nothing was (a reward paid for everything), by their
    price before discounts, else by their number.
    """
    for value in (_charged, _gross, _number):
        whole = sum(value(line) for line in snapshot.lines)
        if whole > 0:
            break
    else:
        return 0, 1
    kept = sum(_kept(snapshot.lines, value))
    amount_minor = beyond_lines_minor(snapshot.refunds)
    return min(whole - kept + amount_minor, whole), whole


def _kept(lines: Iterable[OrderLine], value: Callable[[OrderLine], int]) -> Iterable[int]:
    """Yield what is left of each line; what came back is thereby never rounded down to nothing."""
    for line in lines:
        if line.quantity:
            yield value(line) * min(line.current_quantity, line.quantity) // line.quantity


def _charged(line: OrderLine) -> int:
    return max(line.gross_minor - line.discount_minor, 0)


def _gross(line: OrderLine) -> int:
    return line.gross_minor


def _number(line: OrderLine) -> int:
    return line.quantity
