"""What an order is worth to its member, as it was last reckoned."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.domain.award import Pin, ReceiptLine


@dataclass(slots=True, kw_only=True)
class OrderAward:
    """An order's award; `revision` counts how often it was reckoned."""

    id: int
    member_id: int
    pin: Pin
    points: int
    revision: int
    receipt: Sequence[ReceiptLine] = ()
    """Of the last reckoning; not loaded, for it is only ever replaced."""
