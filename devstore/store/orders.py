"""Orders of the shop: placed, paid, refunded, sent back, edited, moved, closed, cancelled."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from devstore.store.clock import Clock
from devstore.store.companies import Companies
from devstore.store.customers import Customers
from devstore.store.database import Database
from devstore.store.discounts import Discounts
from devstore.store.editing import OrderEdit, edited
from devstore.store.evaluation import CartLine, price_lines
from devstore.store.events import Events
from devstore.store.order import Order
from devstore.store.order_money import CARD, Refund
from devstore.store.order_table import OrderTable
from devstore.store.ordering import Ordering
from devstore.store.paying import moved, paid
from devstore.store.placement import Shipping
from devstore.store.products import Products
from devstore.store.purse import Purse
from devstore.store.refunding import Payout, refunded, settled
from devstore.store.returning import returned
from devstore.store.shop import Shop
from devstore.store.terms import ORDINARY, Terms

AT_ONCE = Payout()


class OrderClosed(ValueError):
    """A cancelled order can't be paid, edited or cancelled again."""


@dataclass(frozen=True)
class RefundEvent:
    """What refunds/create announces."""

    order: Order
    refund: Refund


@dataclass(frozen=True)
class EditEvent:
    """What orders/edited announces."""

    order: Order
    edit: OrderEdit


class Orders(OrderTable):
    """Everything that may be done to an order; each change is announced as it is made."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        events: Events,
        shop: Shop,
        products: Products,
        customers: Customers,
        discounts: Discounts,
        companies: Companies,
        purse: Purse,
    ) -> None:
        super().__init__(database)
        self._clock = clock
        self._events = events
        self._shop = shop
        self._products = products
        self._customers = customers
        self._discounts = discounts
        self._purse = purse
        self._ordering = Ordering(shop, customers, discounts, companies, self)

    def place(
        self,
        customer_id: int | None,
        lines: Sequence[CartLine],
        discount_codes: Sequence[str] = (),
        shipping: Shipping | None = None,
        mark_paid: bool = True,
        note: str | None = None,
        processed_at: datetime | None = None,
        email: str | None = None,
        test: bool = False,
        source_name: str = "web",
        locale: str = "en",
        terms: Terms = ORDINARY,
    ) -> Order:
        """Place an order, count the codes' uses and announce create, paid (if so) and updated.

        A guest's `email` finds or makes a customer record, as at Shopify. Codes that can't be
        used raise CodesRefused and nothing is stored.
        """
        if not lines or any(line.quantity < 1 for line in lines):
            raise ValueError("An order needs at least one line, each of at least one.")
        with self._database.transaction():
            now = self._clock.now()
            order, used = self._ordering.ordered(
                customer_id, lines, discount_codes, shipping, email, locale, terms, now
            )
            order = replace(order, note=note, test=test, processed_at=processed_at or now)
            if not terms.in_person:
                order = replace(order, source_name=source_name)
            order = self._purse.pay(order, terms, self.new_id, now)
            order = self._ordering.paid_for(order, terms, mark_paid, now)
            self.save(order)
            for discount_id in used:
                self._discounts.record_use(discount_id, order.customer_id, order.id)
            self._announce(order, "orders/create")
            if order.financial_status == "paid":
                self._announce(order, "orders/paid", "orders/updated")
        return order

    def pay(self, order_id: int) -> Order:
        """Pay what is outstanding and announce paid and updated."""
        with self._database.transaction():
            order = self._open(order_id)
            if order.outstanding_minor == 0:
                return order
            return self._changed(paid(order, self.new_id, self._clock.now()), "orders/paid")

    def pay_part(self, order_id: int, amount_minor: int) -> Order:
        """Pay an amount; announce paid when nothing is outstanding then. Raises WrongAmount."""
        return self._move(order_id, "sale", amount_minor)

    def capture(self, order_id: int, amount_minor: int | None = None) -> Order:
        """Take what was authorized, or a part of it; announce paid when that is all."""
        with self._database.transaction():
            order = self._open(order_id)
            most_minor = min(order.authorized_minor, order.outstanding_minor)
            return self._move(order_id, "capture", amount_minor or most_minor)

    def void(self, order_id: int) -> Order:
        """Let go of what was authorized and not captured."""
        with self._database.transaction():
            return self._move(order_id, "void", self._open(order_id).authorized_minor)

    def refund(
        self,
        order_id: int,
        lines: Sequence[tuple[int, int]] = (),
        amount_minor: int | None = None,
        shipping_minor: int = 0,
        restock: bool = True,
        note: str | None = None,
        gateway: str = CARD,
        pending: bool = False,
    ) -> Refund:
        """Refund units of lines (line id, quantity), an amount, or both; announce it.

        Without an amount what the units and the shipping cost is paid out, by `gateway`. More
        than is left raises RefundTooLarge. A pending payout arrives with `settle_refund`.
        """
        with self._database.transaction():
            order, refund = refunded(
                self.require(order_id), lines, Payout(amount_minor, 0, gateway, pending),
                shipping_minor, restock, note, self._clock.now(), self.new_id,
            )  # fmt: skip
            self._refunded(order, refund)
        return refund

    def refund_rest(self, order_id: int, restock: bool = True, gateway: str = CARD) -> Refund:
        """Refund everything that is left of an order, shipping included."""
        order = self.require(order_id)
        lines = [(line.id, line.current_quantity) for line in order.lines if line.current_quantity]
        amount_minor = order.paid_minor - order.refunded_minor
        shipping = order.current_shipping_minor
        return self.refund(order_id, lines, amount_minor, shipping, restock, gateway=gateway)

    def settle_refund(self, order_id: int, refund_id: int) -> Order:
        """Let a pending payout arrive and announce the order."""
        with self._database.transaction():
            return self._changed(settled(self.require(order_id), refund_id, self._clock.now()))

    def take_back(
        self,
        order_id: int,
        lines: Sequence[tuple[int, int]],
        exchange_for: Sequence[CartLine] = (),
        payout: Payout = AT_ONCE,
    ) -> Order:
        """Process a return of units of lines, for money or for other goods; announce it."""
        with self._database.transaction():
            order, refund = returned(
                self._open(order_id), lines, price_lines(self._products, exchange_for), payout,
                self._shop, self._clock.now(), self.new_id,
            )  # fmt: skip
            self._refunded(order, refund)
        return order

    def edit(
        self,
        order_id: int,
        quantities: Mapping[int, int] | None = None,
        add: Sequence[CartLine] = (),
    ) -> Order:
        """Set lines' current quantities (line id → quantity) and add lines; announce the edit."""
        with self._database.transaction():
            added = price_lines(self._products, add)
            order, edit = edited(
                self._open(order_id), quantities or {}, added, self._shop, self._clock.now(),
                self.new_id,
            )  # fmt: skip
            self.save(order)
            self._events.announce("orders/edited", EditEvent(order, edit))
            self._announce(order, "orders/updated")
        return order

    def cancel(
        self, order_id: int, refund: bool = True, reason: str = "customer", gateway: str = CARD
    ) -> Order:
        """Cancel an order, give back what was paid if asked, and announce it."""
        with self._database.transaction():
            order = self._open(order_id)
            if order.authorized_minor:
                order = self.void(order_id)
            if refund and order.paid_minor > order.refunded_minor:
                self.refund_rest(order_id, gateway=gateway)
            elif refund:
                lines = tuple(replace(line, current_quantity=0) for line in order.lines)
                self.save(replace(order, lines=lines))
            now = self._clock.now()
            order = self.require(order_id)
            order = replace(order, cancelled_at=now, cancel_reason=reason, updated_at=now)
            return self._changed(order, "orders/cancelled")

    def fulfil(self, order_id: int) -> Order:
        """Mark an order as sent and announce it."""
        with self._database.transaction():
            now = self._clock.now()
            return self._changed(replace(self._open(order_id), fulfilled_at=now, updated_at=now))

    def archive(self, order_id: int) -> Order:
        """Put an order away and announce it; what it is worth stays."""
        with self._database.transaction():
            now = self._clock.now()
            return self._changed(replace(self.require(order_id), closed_at=now, updated_at=now))

    def reopen(self, order_id: int) -> Order:
        """Take an archived order up again and announce it."""
        with self._database.transaction():
            now = self._clock.now()
            return self._changed(replace(self.require(order_id), closed_at=None, updated_at=now))

    def move(self, order_id: int, customer_id: int | None) -> Order:
        """Give an order to another customer, or to nobody, and announce it."""
        with self._database.transaction():
            customer = None if customer_id is None else self._customers.require(customer_id)
            order = replace(
                self.require(order_id),
                customer_id=customer_id,
                email=customer.email if customer else None,
                updated_at=self._clock.now(),
            )
            return self._changed(order)

    def delete(self, order_id: int) -> None:
        """Delete an order and announce it."""
        with self._database.transaction() as connection:
            order = self.require(order_id)
            connection.execute("DELETE FROM shop_order WHERE id = ?", (order_id,))
            self._announce(order, "orders/delete")

    def _open(self, order_id: int) -> Order:
        order = self.require(order_id)
        if order.cancelled_at is not None:
            raise OrderClosed(order_id)
        return order

    def _move(self, order_id: int, kind: str, amount_minor: int) -> Order:
        with self._database.transaction():
            before = self._open(order_id)
            order = moved(before, kind, amount_minor, self.new_id, self._clock.now())
            done = order.financial_status == "paid" and before.financial_status != "paid"
            return self._changed(order, *(("orders/paid",) if done else ()))

    def _refunded(self, order: Order, refund: Refund) -> None:
        order = self._purse.paid_back(order, refund, self.new_id, self._clock.now())
        self.save(order)
        self._events.announce("refunds/create", RefundEvent(order, refund))
        self._announce(order, "orders/updated")

    def _changed(self, order: Order, *topics: str) -> Order:
        self.save(order)
        self._announce(order, *topics, "orders/updated")
        return order

    def _announce(self, order: Order, *topics: str) -> None:
        for topic in topics:
            self._events.announce(topic, order)
