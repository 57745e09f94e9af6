"""What is paid for an order and given back: transactions, refunds and returns."""

from dataclasses import dataclass
from datetime import datetime

CARD = "bogus"
CASH = "cash"
GIFT_CARD = "gift_card"
STORE_CREDIT = "shopify_store_credit"


@dataclass(frozen=True)
class Transaction:
    """Money moved or promised: sale, authorization, capture, void or refund.

    A refund may be `pending` for a while: it is on its way, but not paid out yet.
    """

    id: int
    kind: str
    amount_minor: int
    created_at: datetime
    gateway: str = CARD
    refund_id: int | None = None
    status: str = "success"
    gift_card_id: int | None = None
    """The card that paid, or that it goes back to."""


@dataclass(frozen=True)
class RefundLine:
    """So many units of an order's line given back; the subtotal is after discounts."""

    id: int
    line_id: int
    quantity: int
    subtotal_minor: int
    tax_minor: int
    restock: bool
    duty_minor: int = 0


@dataclass(frozen=True)
class Refund:
    """Money or goods given back.

    `amount_minor` is what was paid out, `adjustment_minor` how much that is above (or below) what
    the returned lines and shipping cost. `settled_late` tells that the payout was pending first.
    """

    id: int
    created_at: datetime
    amount_minor: int
    lines: tuple[RefundLine, ...] = ()
    shipping_minor: int = 0
    adjustment_minor: int = 0
    note: str | None = None
    return_id: int | None = None
    pending: bool = False
    settled_late: bool = False

    @property
    def gid(self) -> str:
        """The refund's global id."""
        return f"gid://shopify/Refund/{self.id}"

    @property
    def duty_minor(self) -> int:
        """Duties given back with the lines."""
        return sum(line.duty_minor for line in self.lines)

    @property
    def discrepancies(self) -> tuple[tuple[str, int], ...]:
        """Why and by how much the payout is less than what was given back; negative if more.

        A payout on its way counts as not paid, and a pair that cancels out tells that it arrived.
        """
        on_its_way = self.amount_minor if self.pending or self.settled_late else 0
        lacking = on_its_way - self.adjustment_minor
        told = (("REFUND_DISCREPANCY", lacking),) if lacking else ()
        if self.settled_late:
            return (*told, ("PENDING_REFUND_DISCREPANCY", -self.amount_minor))
        return told


@dataclass(frozen=True)
class Return:
    """Goods sent back, and the lines that the customer got for them, if any."""

    id: int
    created_at: datetime
    line_quantities: tuple[tuple[int, ...], ...]
    exchange_line_ids: tuple[int, ...] = ()

    @property
    def gid(self) -> str:
        """The return's global id."""
        return f"gid://shopify/Return/{self.id}"

    @property
    def name(self) -> str:
        """Whether goods came back for money or for others."""
        return "Exchange" if self.exchange_line_ids else "Return"
