"""A history of a shop that opened some months ago, drawn under a seed."""

import random
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from devstore.history.baskets import draw_basket
from devstore.history.buying import Purchase, draw_purchases
from devstore.history.happenings import Happening, History
from devstore.history.ids import Ids
from devstore.history.people import Person, draw_person
from devstore.store.customers import Customer
from devstore.store.evaluation import Evaluation, price_lines
from devstore.store.order import Order
from devstore.store.orders import RefundEvent
from devstore.store.paying import paid
from devstore.store.placement import Shipping, order_lines, shipping_lines
from devstore.store.products import unit_minor
from devstore.store.refunding import Payout, refunded
from devstore.store.store import Store

DAYS_A_MONTH = 30.44
REFUNDED_SHARE = 0.04
CANCELLED_SHARE = 0.015
SHIPPING_UNITS_HUNDREDTHS = 160
FREE_SHIPPING_UNITS = 20


@dataclass(frozen=True)
class Regular:
    """Somebody a visitor can sign in as: buys every so many days, the last time so long ago."""

    person: Person
    email: str
    orders: int
    every_days: float
    last_days_ago: float


REGULARS = (
    Regular(Person("Mali", "Srisuk", "th"), "mali@example.com", 16, 31, 4),
    Regular(Person("Anan", "Wongsakul", "th"), "anan@example.com", 8, 44, 20),
    Regular(Person("Emma", "Clark", "en"), "emma@example.com", 5, 60, 9),
)


def generate(store: Store, customers: int, months: int, seed: int, until: datetime) -> History:
    """Return a history that ends at `until`; the regulars come on top of `customers`."""
    return _Generator(store, months, seed, until).run(customers)


class _Generator:
    def __init__(self, store: Store, months: int, seed: int, until: datetime) -> None:
        self._store = store
        self._chance = random.Random(seed)
        self._until = until
        self._from = until - timedelta(days=months * DAYS_A_MONTH)
        self._ids = Ids(store.database)
        self._unit = unit_minor(store.shop.currency)
        self._history = History()
        self._happened: list[tuple[datetime, int, Happening]] = []

    def run(self, customers: int) -> History:
        """Draw everybody and everything, then put it in order."""
        drawn = [self._draw_customer(number) for number in range(customers)]
        drawn += [each for each in map(self._regular, REGULARS) if each is not None]
        purchases = [(purchase, buyer) for buyer, bought in drawn for purchase in bought]
        purchases.sort(key=lambda each: (each[0].at, each[1].id))
        numbers = self._ids.numbers(len(purchases)) if purchases else range(0)
        for (purchase, buyer), number in zip(purchases, numbers, strict=True):
            self._buy(buyer, purchase, number)
        self._happened.sort(key=lambda each: each[:2])
        self._history.happenings = [happening for _, _, happening in self._happened]
        return self._history

    def _draw_customer(self, number: int) -> tuple[Customer, list[Purchase]]:
        chance = self._chance
        span = (self._until - self._from).total_seconds()
        first_at = self._from + timedelta(seconds=int(chance.random() * span))
        purchases = draw_purchases(chance, first_at, self._until)
        person = draw_person(chance)
        customer_id = self._ids("customer")
        email = f"customer{customer_id % 10_000_000}@example.com"
        return self._customer(customer_id, person, email, first_at), purchases

    def _regular(self, regular: Regular) -> tuple[Customer, list[Purchase]] | None:
        if self._store.customers.by_email(regular.email) is not None:
            return None
        last_at = self._until - timedelta(days=regular.last_days_ago)
        days = [regular.every_days * back for back in reversed(range(regular.orders))]
        times = [last_at - timedelta(days=back) for back in days]
        times = [at for at in times if at > self._from] or [last_at]
        purchases = [Purchase(at, round(self._chance.uniform(1200, 5200))) for at in times]
        customer_id = self._ids("customer")
        return self._customer(customer_id, regular.person, regular.email, times[0]), purchases

    def _customer(self, customer_id: int, person: Person, email: str, at: datetime) -> Customer:
        at = at.replace(microsecond=0)
        customer = Customer(
            customer_id, person.first_name, person.last_name, email, at, at, locale=person.locale
        )
        self._history.customers.append(customer)
        self._tell(at, "customers/create", customer)
        return customer

    def _buy(self, buyer: Customer, purchase: Purchase, number: int) -> None:
        order = self._order(buyer, purchase, number)
        self._tell(order.updated_at, "orders/paid", order)
        lot = self._chance.random()
        if lot < CANCELLED_SHARE:
            order = self._cancelled(order)
        elif lot < CANCELLED_SHARE + REFUNDED_SHARE:
            order = self._partly_refunded(order)
        self._history.orders.append(order)

    def _order(self, buyer: Customer, purchase: Purchase, number: int) -> Order:
        shop = self._store.shop
        spend_minor = purchase.spend_hundredths * self._unit // 100
        basket = draw_basket(self._chance, self._store.products, spend_minor)
        cart = Evaluation(price_lines(self._store.products, basket), (), (), 0)
        at = purchase.at.replace(microsecond=0)
        order = Order(
            id=self._ids("order"),
            number=number,
            customer_id=buyer.id,
            email=buyer.email,
            currency=shop.currency,
            lines=order_lines(shop, cart, self._ids),
            created_at=at,
            processed_at=at,
            updated_at=at,
            shipping_lines=shipping_lines(shop, self._shipping(cart), None, self._ids),
            taxes_included=shop.taxes_included,
            locale=buyer.locale,
        )
        return paid(order, self._ids, at)

    def _shipping(self, cart: Evaluation) -> Shipping | None:
        if all(line.product.gift_card for line in cart.lines):
            return None
        free = cart.subtotal_minor >= FREE_SHIPPING_UNITS * self._unit
        price_minor = 0 if free else SHIPPING_UNITS_HUNDREDTHS * self._unit // 100
        return Shipping("Standard delivery", price_minor)

    def _later(self, order: Order, days_min: float, days_max: float) -> datetime | None:
        at = order.processed_at + timedelta(days=self._chance.uniform(days_min, days_max))
        return at.replace(microsecond=0) if at < self._until else None

    def _partly_refunded(self, order: Order) -> Order:
        at = self._later(order, 1, 20)
        line = self._chance.choice(order.lines)
        quantity = self._chance.randint(1, line.quantity)
        return order if at is None else self._refund(order, [(line.id, quantity)], None, 0, at)

    def _cancelled(self, order: Order) -> Order:
        at = self._later(order, 0.02, 1)
        if at is None:
            return order
        lines = [(line.id, line.quantity) for line in order.lines]
        order = self._refund(order, lines, order.paid_minor, order.shipping_minor, at)
        order = replace(order, cancelled_at=at, cancel_reason="customer")
        self._tell(at, "orders/cancelled", order)
        return order

    def _refund(
        self,
        order: Order,
        lines: list[tuple[int, int]],
        amount_minor: int | None,
        shipping_minor: int,
        at: datetime,
    ) -> Order:
        order, refund = refunded(
            order, lines, Payout(amount_minor), shipping_minor, True, None, at, self._ids
        )
        self._tell(at, "refunds/create", RefundEvent(order, refund))
        self._tell(at, "orders/updated", order)
        return order

    def _tell(self, at: datetime, topic: str, subject: object) -> None:
        self._happened.append((at, len(self._happened), Happening(topic, subject)))
