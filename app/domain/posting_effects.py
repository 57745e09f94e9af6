"""What a posting does to its member's balances, its lot and its award, as numbers to add up.

The same as `Account.post` does, said anew: a proof adds millions of postings up and compares. Sums
of several numbers travel in one integer, each in its own place, which adds them all at once.
"""

from typing import NamedTuple

_PLACE_BITS = 96
"""Wide enough for a sum of postings, of which none has more than 63 bits, to stay in its place."""


class Effect(NamedTuple):
    """What one point does; multiplied by the points of a posting, what the posting does."""

    balances: int
    """See `balances`."""
    lot: int
    """See `lot_sums`; what of it depends on whose award it is comes from `TAKEN_BACK`."""
    award: int
    takes_back: bool
    """Whether points go back to where they were issued: from the award's own lot or another's."""


def balances(pending: int, available: int, held: int) -> int:
    """Return a member's balances as one integer; different ones never look the same."""
    return pending + (available << _PLACE_BITS) + (held << 2 * _PLACE_BITS)


def lot_sums(points: int, remaining: int, expired: int, written_off: int, pending: int) -> int:
    """Return what a lot says of itself as one integer; different ones never look the same."""
    sums = points + (remaining << _PLACE_BITS)
    # Of most lots these are nothing, and to shift nothing takes as long.
    if expired:
        sums += expired << 2 * _PLACE_BITS
    if written_off:
        sums += written_off << 3 * _PLACE_BITS
    if pending:
        sums += pending << 4 * _PLACE_BITS
    return sums


TAKEN_BACK = lot_sums(-1, 0, 0, 0, 0)
"""What taking back a point does besides to the lot of the same award: it came with less.

What an award takes back from another award's lot lowers what is left there, not what it came with.
"""


def effect_of(kind: str, debit: str, credit: str) -> Effect:
    """Return what one point of such a posting does."""
    in_pending = (credit == "pending") - (debit == "pending")
    in_available = (credit == "available") - (debit == "available")
    in_held = (credit == "held") - (debit == "held")
    into_debt = kind == "fill_debt" and credit in ("pending", "available")
    expired = (credit == "expired") - (debit == "expired")
    written_off = (debit, credit) == ("adjusted", "issued")
    undone = (debit, credit) == ("issued", "adjusted")
    came = debit in ("issued", "adjusted", "transferred") and not (written_off or undone)
    return Effect(
        balances=balances(in_pending, in_available, in_held),
        lot=lot_sums(
            int(came),
            in_pending + in_available - into_debt,
            expired,
            written_off - undone,
            in_pending,
        ),
        award=_of_award(kind, debit, credit),
        takes_back=credit == "issued" and debit not in ("issued", "adjusted", "transferred"),
    )


def _of_award(kind: str, debit: str, credit: str) -> int:
    if debit == "issued" or (debit == "adjusted" and kind in ("adjust", "fill_debt")):
        return 1
    return -1 if credit == "issued" else 0
