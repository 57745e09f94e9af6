"""What the merchant typed about an order to be placed, and what is wrong with it."""

from dataclasses import dataclass, field

from werkzeug.datastructures import MultiDict

from devstore.back_office.amounts import Errors, read_amount
from devstore.back_office.order_forms import read_units
from devstore.store.evaluation import CartLine
from devstore.store.terms import Terms

MOST_MINOR = 10**12
DUTY_BP = 1_000
PAYMENTS = (
    ("paid", "Paid at once"),
    ("pending", "Later, as cash on delivery"),
    ("authorized", "Authorised, to be captured"),
)
PLACES = (
    ("shopify_draft_order", "Placed by staff"),
    ("web", "Online store"),
    ("pos", "Point of sale"),
)


@dataclass
class NewOrderForm:
    """An order placed by staff."""

    customer: int | None = None
    email: str = ""
    quantities: dict[int, int] = field(default_factory=dict)
    code: str = ""
    payment: str = "paid"
    place: str = "shopify_draft_order"
    gift_card: str = ""
    gift_card_minor: int = 0
    tip: str = ""
    tip_minor: int = 0
    currency: str = ""
    duties: bool = False
    test: bool = False
    errors: Errors = field(default_factory=dict)

    def lines(self) -> list[CartLine]:
        """Return the lines of the order."""
        return [
            CartLine(variant_id, units) for variant_id, units in self.quantities.items() if units
        ]

    def terms(self) -> Terms:
        """Return what is out of the ordinary about the order."""
        return Terms(
            authorize=self.payment == "authorized",
            gift_card_minor=self.gift_card_minor,
            tip_minor=self.tip_minor,
            duty_bp=DUTY_BP if self.duties else 0,
            presentment_currency=self.currency or None,
            in_person=self.place == "pos",
        )


def read_new_order_form(
    fields: MultiDict[str, str], variant_ids: list[int], currency: str, currencies: tuple[str, ...]
) -> NewOrderForm:
    """Return the order to place, in a shop of this currency that also sells in `currencies`."""

    def typed(name: str) -> str:
        return fields.get(name, "").strip()

    form = NewOrderForm(
        customer=fields.get("customer", type=int),
        email=typed("email"),
        code=typed("code"),
        payment=_one_of(typed("payment"), PAYMENTS, "pending"),
        place=_one_of(typed("place"), PLACES, "shopify_draft_order"),
        gift_card=typed("gift_card"),
        tip=typed("tip"),
        currency=typed("currency") if typed("currency") in currencies else "",
        duties=fields.get("duties") == "1",
        test=fields.get("test") == "1",
    )
    form.quantities = read_units(fields, variant_ids, form.errors)
    form.gift_card_minor = read_amount(
        form.gift_card, currency, MOST_MINOR, form.errors, "gift_card"
    )
    form.tip_minor = read_amount(form.tip, currency, MOST_MINOR, form.errors, "tip")
    if not form.errors and not form.lines():
        form.errors["lines"] = "Choose at least one item"
    return form


def _one_of(typed: str, choices: tuple[tuple[str, str], ...], otherwise: str) -> str:
    return typed if typed in dict(choices) else otherwise
