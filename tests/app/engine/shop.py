"""A shop as Shopify knows it: what is true of its orders, and what it tells of them."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime

from app.domain.order_facts import CustomerFacts, ProductFacts
from app.domain.order_snapshot import OrderLine, OrderSnapshot, Refund
from app.domain.program_rules import ProgramRules

PRODUCTS = {
    1: ProductFacts(),
    2: ProductFacts(tags=("Sale",)),
    3: ProductFacts(collection_ids=(30,)),
    7: ProductFacts(collection_ids=(70,), tags=("new",)),
}
CUSTOMERS = {
    1: CustomerFacts(has_account=True),
    2: CustomerFacts(has_account=True, tags=("vip",)),
    3: CustomerFacts(),
    4: CustomerFacts(has_account=True, tags=("Wholesale",)),
}
"""What never changes, so that it does not matter when it is fetched."""

UNPAID = ("pending", "authorized", "partially_paid")
REFUNDED = ("partially_refunded", "refunded")


def is_paid(order: OrderSnapshot) -> bool:
    """Whether nothing is to be paid any more."""
    return order.financial_status in ("paid", *REFUNDED) and not order.outstanding_minor


def may_be_paid(order: OrderSnapshot) -> bool:
    """Whether there is something to be paid: from the beginning, or since an edit."""
    return order.financial_status in UNPAID or order.outstanding_minor > 0


@dataclass(frozen=True)
class OrderTold:
    """An orders/* webhook."""

    snapshot: OrderSnapshot


@dataclass(frozen=True)
class RefundTold:
    """A refunds/create webhook."""

    order_id: int
    refund: Refund


@dataclass(frozen=True)
class DeletionTold:
    """An orders/delete webhook."""

    order_id: int


@dataclass(frozen=True)
class FetchAsked:
    """An order that is fetched later, as it is then."""

    order_id: int


@dataclass(frozen=True)
class CustomerTold:
    """A customers/create webhook."""

    customer: int
    created_at: datetime


@dataclass(frozen=True)
class MergeTold:
    """A customers/merge webhook."""

    kept: int
    merged: int


@dataclass(frozen=True)
class GoneTold:
    """A customers/delete or customers/redact webhook."""

    customer: int
    redacted: bool


Delivery = OrderTold | RefundTold | DeletionTold | FetchAsked | CustomerTold | MergeTold | GoneTold


@dataclass
class TrueOrder:
    """An order as it is, and which of its states the app was told."""

    now: OrderSnapshot
    deleted: bool = False
    missed: bool = False
    """Something of it was lost on the way and has to be reconciled."""
    told: list[OrderSnapshot] = field(default_factory=list)

    @property
    def open_lines(self) -> list[OrderLine]:
        """Lines of which something is left."""
        return [line for line in self.now.lines if line.current_quantity]


@dataclass
class Shop:
    """All that is true, for the oracle to look at in the end."""

    versions: list[tuple[datetime, ProgramRules]]
    """(effective from, rules); the first one holds for all time before."""
    earning_starts_at: datetime
    orders: dict[int, TrueOrder] = field(default_factory=dict)
    outbox: list[Delivery] = field(default_factory=list)
    codes: dict[str, int] = field(default_factory=dict)
    """Redemptions by code."""
    sign_ups: dict[int, datetime] = field(default_factory=dict)
    """When each customer that was told was created."""
    merged: dict[int, int] = field(default_factory=dict)
    """Into whom each merged customer went."""
    gone: set[int] = field(default_factory=set)
    """Customers who were deleted or redacted."""
    adjusted: int = 0
    """What staff gave, less what they took."""

    def version_at(self, at: datetime) -> int:
        """Return the number, from 1 on, of the rules in force at a moment."""
        return max(1, sum(start <= at for start, _ in self.versions))

    def rules_at(self, at: datetime) -> ProgramRules:
        """Return the rules in force at a moment."""
        return self.versions[self.version_at(at) - 1][1]

    def kept(self, customer: int) -> int:
        """Return who a customer is after all merges."""
        while customer in self.merged:
            customer = self.merged[customer]
        return customer

    def is_gone(self, customer: int) -> bool:
        """Return whether a customer is nobody any more, or somebody they were merged into is."""
        return customer in self.gone or (
            customer in self.merged and self.is_gone(self.merged[customer])
        )

    def change(self, order_id: int, at: datetime, **changes: object) -> OrderSnapshot:
        """Change an order and put its new state into the outbox."""
        order = self.orders[order_id]
        order.now = replace(order.now, updated_at=at, **changes)
        self.outbox.append(OrderTold(order.now))
        return order.now

    def refund(self, order_id: int, at: datetime, refund: Refund) -> None:
        """Give back quantities of lines, an amount or shipping; tell it twice, as Shopify does."""
        order = self.orders[order_id].now
        back = dict(refund.line_quantities)
        lines = tuple(
            replace(line, current_quantity=line.current_quantity - back.get(line.line_id, 0))
            for line in order.lines
        )
        whole = not any(line.current_quantity for line in lines)
        self.outbox.append(RefundTold(order_id, refund))
        self.change(
            order_id,
            at,
            lines=lines,
            refunds=(*order.refunds, refund),
            financial_status="refunded" if whole else "partially_refunded",
            outstanding_minor=0 if whole else order.outstanding_minor,
        )

    def edit(
        self, order_id: int, at: datetime, line_id: int, edit: Callable[[OrderLine], OrderLine]
    ) -> None:
        """Change one line."""
        lines = self.orders[order_id].now.lines
        self.change(
            order_id,
            at,
            lines=tuple(edit(line) if line.line_id == line_id else line for line in lines),
        )
