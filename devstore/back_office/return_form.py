"""What the merchant typed about goods sent back, and what is wrong with it."""

from dataclasses import dataclass, field

from werkzeug.datastructures import MultiDict

from devstore.back_office.amounts import MOST_UNITS, Errors, whole_number
from devstore.back_office.order_forms import read_units
from devstore.store.evaluation import CartLine
from devstore.store.order import Order
from devstore.store.order_money import CARD, STORE_CREDIT
from devstore.store.refunding import Payout

PAYOUTS = (
    ("card", "Paid back the way it was paid"),
    ("credit", "Given as store credit"),
    ("later", "Paid back later"),
)


@dataclass
class ReturnForm:
    """Units of lines sent back, what is sent out for them, and how the rest is paid back."""

    quantities: dict[int, int] = field(default_factory=dict)
    exchange_variant: int | None = None
    exchange_quantity: str = "1"
    payout: str = "card"
    errors: Errors = field(default_factory=dict)

    def units(self) -> list[tuple[int, int]]:
        """Return what is sent back."""
        return [(line_id, units) for line_id, units in self.quantities.items() if units]

    def exchanged_for(self) -> list[CartLine]:
        """Return what is sent out."""
        if self.exchange_variant is None:
            return []
        return [CartLine(self.exchange_variant, int(self.exchange_quantity))]

    def paid_out(self) -> Payout:
        """Return how the rest is paid back."""
        if self.payout == "later":
            return Payout(0)
        return Payout(gateway=STORE_CREDIT if self.payout == "credit" else CARD)


def read_return_form(fields: MultiDict[str, str], order: Order) -> ReturnForm:
    """Return what is sent back, checked against what is left of `order`."""
    form = ReturnForm(
        exchange_variant=fields.get("exchange_variant", type=int),
        exchange_quantity=fields.get("exchange_quantity", "").strip() or "1",
        payout=fields.get("payout", "card"),
    )
    form.quantities = read_units(fields, [line.id for line in order.lines], form.errors)
    for line in order.lines:
        if form.quantities.get(line.id, 0) > line.current_quantity:
            form.errors[line.id] = f"Only {line.current_quantity} left"
    if not form.errors and not form.units():
        form.errors["form"] = "Choose at least one item that came back."
    sent_out = whole_number(form.exchange_quantity)
    if form.exchange_variant is not None and not (sent_out and sent_out <= MOST_UNITS):
        form.errors["exchange_quantity"] = f"Enter a whole number from 1 to {MOST_UNITS:,}"
    return form
