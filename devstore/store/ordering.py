"""Makes an order of a cart: who buys, what it costs, and how it is paid."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from devstore.store.companies import Companies, Company
from devstore.store.customers import Customers
from devstore.store.discounts import Discounts
from devstore.store.evaluation import CartLine, Evaluation, Refusal
from devstore.store.order import Order
from devstore.store.order_money import CARD, CASH
from devstore.store.order_table import OrderTable
from devstore.store.paying import moved, paid_at_checkout
from devstore.store.placement import (
    Shipping,
    order_lines,
    shipping_lines,
    tip_line,
    used_codes,
)
from devstore.store.shop import Shop
from devstore.store.terms import FIRST_LOCATION_ID, Terms, exchange_rate


class CodesRefused(ValueError):
    """Some of the discount codes can't be used; carries their refusals."""

    def __init__(self, refusals: Sequence[Refusal]) -> None:
        super().__init__("; ".join(refusal.message for refusal in refusals))
        self.refusals = tuple(refusals)


class Ordering:
    """Builds orders of one shop."""

    def __init__(
        self,
        shop: Shop,
        customers: Customers,
        discounts: Discounts,
        companies: Companies,
        table: OrderTable,
    ) -> None:
        self._shop = shop
        self._companies = companies
        self._customers = customers
        self._discounts = discounts
        self._table = table

    def ordered(
        self,
        customer_id: int | None,
        lines: Sequence[CartLine],
        codes: Sequence[str],
        shipping: Shipping | None,
        email: str | None,
        locale: str,
        terms: Terms,
        now: datetime,
    ) -> tuple[Order, list[int]]:
        """Return the order, unpaid, and the ids of the discounts it uses."""
        buyer_id = customer_id if customer_id is not None else self._guest(email, locale)
        buyer = None if buyer_id is None else self._customers.require(buyer_id)
        cart = self._evaluated(codes, buyer_id, lines, now, shipping)
        new_id = self._table.new_id
        order = Order(
            id=new_id("order"),
            number=self._table.next_number(),
            customer_id=buyer_id,
            email=email or (buyer.email if buyer else None),
            currency=self._shop.currency,
            lines=order_lines(self._shop, cart, new_id, terms.duty_bp),
            created_at=now,
            processed_at=now,
            updated_at=now,
            shipping_lines=shipping_lines(self._shop, shipping, cart, new_id),
            discount_codes=used_codes(cart.applied, self._shop.currency),
            automatic_discount=cart.automatic.title if cart.automatic else None,
            company=self._company(buyer_id),
            taxes_included=self._shop.taxes_included,
            locale=locale,
        )
        return self._on_terms(order, terms, now), [each.discount.id for each in cart.applied]

    def paid_for(self, order: Order, terms: Terms, mark_paid: bool, now: datetime) -> Order:
        """Return the order as far as it is paid when it is placed."""
        gateway = CASH if terms.in_person else CARD
        new_id = self._table.new_id
        if not mark_paid or order.outstanding_minor == 0:
            return order
        if terms.authorize:
            return moved(order, "authorization", order.outstanding_minor, new_id, now, gateway)
        return paid_at_checkout(order, new_id, now, terms.gift_card_minor, gateway)

    def _on_terms(self, order: Order, terms: Terms, now: datetime) -> Order:
        if terms.tip_minor:
            tip = tip_line(terms.tip_minor, self._table.new_id)
            order = replace(order, lines=(*order.lines, tip))
        if terms.in_person:
            order = replace(
                order, source_name="pos", location_id=FIRST_LOCATION_ID, fulfilled_at=now
            )
        if terms.presentment_currency not in (None, order.currency):
            into = str(terms.presentment_currency)
            rate = exchange_rate(order.currency, into)
            order = replace(order, presentment_currency=into, presentment_rate=rate)
        return order

    def _company(self, buyer_id: int | None) -> Company | None:
        contacts = [] if buyer_id is None else self._companies.contacts_of(buyer_id)
        return contacts[0].company if contacts else None

    def _guest(self, email: str | None, locale: str) -> int | None:
        if not email:
            return None
        known = self._customers.by_email(email)
        if known is None:
            known = self._customers.create(
                first_name="", email=email, locale=locale, state="disabled"
            )
        return known.id

    def _evaluated(
        self,
        codes: Sequence[str],
        customer_id: int | None,
        lines: Sequence[CartLine],
        now: datetime,
        shipping: Shipping | None,
    ) -> Evaluation:
        price_minor = shipping.price_minor if shipping else 0
        cart = self._discounts.evaluate(codes, customer_id, lines, now, price_minor)
        if cart.refused:
            raise CodesRefused(cart.refused)
        return cart
