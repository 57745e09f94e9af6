"""What gift cards and store credit pay of a checkout, in the order in which they pay."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from itsdangerous import URLSafeSerializer

from devstore.services import Services
from devstore.store.customers import Customer
from devstore.storefront.cart_cookie import Cart, current_cart, put_cart


@dataclass(frozen=True)
class AppliedCard:
    """A gift card on the checkout and what it pays."""

    id: int
    code: str
    last: str
    pays_minor: int


@dataclass(frozen=True)
class GivenMoney:
    """What pays before cards and cash do."""

    cards: tuple[AppliedCard, ...]
    credit_minor: int
    """What the customer's store credit pays; 0 unless they want it to."""
    credit_left_minor: int
    """What the customer could pay with it."""
    due_minor: int
    """What is left to pay."""


def given_money(
    services: Services, cart: Cart, customer: Customer | None, total_minor: int
) -> GivenMoney:
    """Return what is paid how."""
    left_minor, cards = total_minor, []
    for card in _cards(services, cart.gift_cards):
        pays_minor = min(card.pays_minor, left_minor)
        left_minor -= pays_minor
        cards.append(replace(card, pays_minor=pays_minor))
    account = services.store.store_credit.of_customer(customer.id) if customer else None
    usable_minor = min(account.balance_minor, left_minor) if account else 0
    credit_minor = usable_minor if cart.store_credit else 0
    return GivenMoney(tuple(cards), credit_minor, usable_minor, left_minor - credit_minor)


def add_gift_card(services: Services, signer: URLSafeSerializer, code: str) -> bool:
    """Put a gift card on the checkout; return whether there is one with this code."""
    card = services.store.gift_cards.of_code(code)
    if card is None:
        return False
    cart = current_cart(signer)
    put_cart(replace(cart, gift_cards=tuple(dict.fromkeys((*cart.gift_cards, card.code)))))
    return True


def remove_gift_card(signer: URLSafeSerializer, code: str) -> None:
    """Take a gift card off the checkout; one that is not there is no error."""
    cart = current_cart(signer)
    put_cart(replace(cart, gift_cards=tuple(each for each in cart.gift_cards if each != code)))


def use_store_credit(signer: URLSafeSerializer, wanted: bool) -> None:
    """Remember whether the customer's store credit pays."""
    put_cart(replace(current_cart(signer), store_credit=wanted))


def _cards(services: Services, codes: Iterable[str]) -> Iterable[AppliedCard]:
    for code in codes:
        card = services.store.gift_cards.of_code(code)
        if card is not None:
            yield AppliedCard(card.id, card.code, card.code[-4:].upper(), card.balance_minor)
