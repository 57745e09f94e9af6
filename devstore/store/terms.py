"""What is out of the ordinary about an order: how it is paid, where, and what comes on top."""

from dataclasses import dataclass
from fractions import Fraction

from devstore.store.money import decimals
from devstore.store.products import unit_minor

FIRST_LOCATION_ID = 78_001_000_001
"""The shop on the street, where orders are placed in person."""


@dataclass(frozen=True)
class Terms:
    """Most orders leave all of this as it is; duties are hundredths of a percent of the price.

    `gift_card_minor` is paid by a gift card that nobody keeps, then the cards `gift_card_ids` and,
    where `store_credit` says so, the customer's credit pay what they can, and the rest is by card. `authorize` only promises the
    money. An order placed in person is handed over at once.
    """

    authorize: bool = False
    gift_card_minor: int = 0
    gift_card_ids: tuple[int, ...] = ()
    store_credit: bool = False
    tip_minor: int = 0
    duty_bp: int = 0
    presentment_currency: str | None = None
    in_person: bool = False


ORDINARY = Terms()


def exchange_rate(currency: str, into: str) -> str:
    """Return how much of `into` one unit of `currency` buys, to six decimals."""
    rate = Fraction(unit_minor(into), 10 ** decimals(into)) / Fraction(
        unit_minor(currency), 10 ** decimals(currency)
    )
    return f"{float(rate):.6f}"
