"""What the merchant typed about an order, and what is wrong with it."""

from dataclasses import dataclass, field

from werkzeug.datastructures import MultiDict

from devstore.back_office.amounts import MOST_UNITS, Errors, read_amount, whole_number
from devstore.store.evaluation import CartLine
from devstore.store.order import Order
from devstore.store.order_money import CARD, STORE_CREDIT

Fields = MultiDict[str, str]


@dataclass
class RefundForm:
    """What is given back: the whole rest, units of lines, an amount, or shipping."""

    kind: str = "whole"
    quantities: dict[int, int] = field(default_factory=dict)
    amount: str = ""
    amount_minor: int = 0
    restock: bool = True
    credit: bool = False
    pending: bool = False
    note: str = ""
    errors: Errors = field(default_factory=dict)

    @property
    def gateway(self) -> str:
        """How it is paid out."""
        return STORE_CREDIT if self.credit else CARD


@dataclass
class EditForm:
    """New quantities of an order's lines, and a line to add."""

    quantities: dict[int, int] = field(default_factory=dict)
    added_variant: int | None = None
    added_quantity: str = "1"
    errors: Errors = field(default_factory=dict)

    def added(self) -> list[CartLine]:
        """Return the line to add, if any."""
        if self.added_variant is None:
            return []
        return [CartLine(self.added_variant, int(self.added_quantity))]


def read_refund_form(fields: Fields, order: Order) -> RefundForm:
    """Return what shall be refunded, checked against what is left of `order`."""
    form = RefundForm(
        kind=fields.get("kind", "whole"),
        amount=fields.get("amount", "").strip(),
        restock=fields.get("restock") == "1",
        credit=fields.get("credit") == "1",
        pending=fields.get("pending") == "1",
        note=fields.get("note", "").strip(),
    )
    if form.kind == "lines":
        _read_refund_lines(form, fields, order)
    if form.kind == "amount":
        _read_refund_amount(form, order)
    return form


def read_edit_form(fields: Fields, order: Order) -> EditForm:
    """Return the new quantities and the line to add."""
    form = EditForm(
        added_variant=fields.get("added_variant", type=int),
        added_quantity=fields.get("added_quantity", "").strip() or "1",
    )
    form.quantities = read_units(fields, [line.id for line in order.lines], form.errors)
    added = whole_number(form.added_quantity)
    if form.added_variant is not None and not (added and added <= MOST_UNITS):
        form.errors["added_quantity"] = f"Enter a whole number from 1 to {MOST_UNITS:,}"
    return form


def _read_refund_lines(form: RefundForm, fields: Fields, order: Order) -> None:
    form.quantities = read_units(fields, [line.id for line in order.lines], form.errors)
    for line in order.lines:
        if form.quantities.get(line.id, 0) > line.current_quantity:
            form.errors[line.id] = f"Only {line.current_quantity} left"
    if not form.errors and not any(form.quantities.values()):
        form.errors["form"] = "Choose at least one item to give back."


def _read_refund_amount(form: RefundForm, order: Order) -> None:
    left_minor = order.paid_minor - order.refunded_minor
    form.amount_minor = read_amount(form.amount, order.currency, left_minor, form.errors, "amount")
    if form.amount_minor == 0 and not form.errors:
        form.errors["amount"] = "Enter an amount such as 120"


def read_units(fields: Fields, ids: list[int], errors: Errors) -> dict[int, int]:
    """Return the units typed for each id; what is no whole number becomes an error."""
    units: dict[int, int] = {}
    for each in ids:
        typed = fields.get(f"quantity-{each}")
        if typed is None:
            continue
        number = whole_number(typed.strip() or "0")
        if number is None or number > MOST_UNITS:
            errors[each] = f"Enter a whole number from 0 to {MOST_UNITS:,}"
        else:
            units[each] = number
    return units
