"""The development store tells the app by webhook, in any order, and the app answers with points."""

import io
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from app import clock
from app.container import Container
from app.db.models import Award, CustomerOrder, Member, MemberIdentity
from app.db.session import Tenant
from app.domain.receipt import read_lines
from app.flows.fetch_order_facts import fetch_order_facts
from app.flows.reconcile import take_in
from devstore.services import Services
from devstore.store import CartLine, Customer, Order, Store
from devstore.webhooks.signing import webhook_headers
from webhooks.drain import Drain

Told = tuple[str, str, str, str, bytes]
"""A webhook: its id, event, topic, moment and body."""


@dataclass
class TellingShop:
    """A shop whose app is installed; what happens in it is told when `tell` is called.

    With `at_once` each `tell` delivers what happened since the last; otherwise all is kept for
    `tell_all`, which delivers in whatever order `shuffled` makes of it.
    """

    services: Services
    parts: Container
    tenant: Tenant
    intake: Callable[..., Any]
    at_once: bool = True
    shuffled: Callable[[list[Told]], list[Told]] = list
    batch: int = 1
    kept: list[Told] = field(default_factory=list)

    @property
    def store(self) -> Store:
        return self.services.store

    def customer(self, name: str = "Mali", **more: Any) -> Customer:
        return self.store.customers.create(
            first_name=name, email=f"{name.lower()}@example.com", **more
        )

    def buy(self, buyer: Customer | None, *quantities: int, **more: Any) -> Order:
        """Order so many of the first products: teas at $4.80, $4.00 and $7.20."""
        products = self.store.products.all()
        cart = [
            CartLine(products[place].variants[0].id, quantity)
            for place, quantity in enumerate(quantities)
            if quantity
        ]
        return self.store.orders.place(buyer.id if buyer else None, cart, **more)

    def variant(self, place: int) -> int:
        return self.store.products.all()[place].variants[0].id

    def order(self, order: Order) -> Order:
        """Return an order as it stands in the shop."""
        return self.store.orders.require(order.id)

    def later(self, **delta: float) -> None:
        """Let time pass in shop and app."""
        seconds = int(timedelta(**delta).total_seconds())
        clock.set_offset(timedelta(seconds=self.store.clock.advance(seconds)))

    def tell(self) -> None:
        """End a step: what happened is told, at once or later; a minute passes."""
        rows = self.store.database.rows("SELECT * FROM event ORDER BY id")
        with self.store.database.transaction() as connection:
            connection.execute("DELETE FROM event")
        self.kept += [
            (
                f"webhook-{row['id']}",
                row["event_id"],
                row["topic"],
                row["triggered_at"],
                row["body"],
            )
            for row in rows
        ]
        if self.at_once:
            self.tell_all()
        self.later(minutes=1)

    def lose(self) -> None:
        """Let what happened since the last `tell` go untold; a minute passes."""
        with self.store.database.transaction() as connection:
            connection.execute("DELETE FROM event")
        self.later(minutes=1)

    def tell_all(self) -> None:
        """Deliver what was kept, so many webhooks a batch, and do the work they left."""
        waiting = self.shuffled(self.kept)
        for start in range(0, len(waiting), self.batch):
            for told in waiting[start : start + self.batch]:
                self._deliver(told)
            self._work()
        self.kept = []

    def tell_the_rest(self) -> None:
        """Tell what has not been told yet, whenever it is delivered."""
        self.tell()
        self.tell_all()

    def _deliver(self, told: Told) -> None:
        webhook_id, event_id, topic, triggered_at, body = told
        config, settings = self.store.config, self.services.settings
        if topic not in config.topics:
            return
        headers = webhook_headers(
            body=body,
            secret=settings.client_secret,
            topic=topic,
            domain=self.store.shop.domain,
            api_version=config.api_version,
            webhook_id=webhook_id,
            event_id=event_id,
            triggered_at=triggered_at,
        )
        environ = {f"HTTP_{key.upper().replace('-', '_')}": text for key, text in headers.items()}
        environ |= {
            "REQUEST_METHOD": "POST",
            "PATH_INFO": config.topics[topic],
            "QUERY_STRING": "",
            "SERVER_NAME": "app.example",
            "SERVER_PORT": "443",
            "CONTENT_LENGTH": str(len(body)),
            "wsgi.url_scheme": "https",
            "wsgi.input": io.BytesIO(body),
            "wsgi.errors": io.StringIO(),
        }
        answers: list[str] = []
        b"".join(
            self.intake(environ, lambda status, headers, exc_info=None: answers.append(status))
        )
        assert answers == ["200 OK"], answers

    def _work(self) -> None:
        """Drain the inbox, and fetch the orders and the facts that this asks for."""
        jobs = self.parts.jobs.enqueued
        shop_id = self.tenant.shop_id
        Drain(self.parts)(shop_id)
        wanted = {
            order_id
            for name, args in jobs
            if name == "refetch_orders"
            for order_id in args["order_ids"]
        }
        if wanted:
            take_in(self.parts, shop_id, sorted(wanted))
        if any(name == "fetch_order_facts" for name, _ in jobs):
            fetch_order_facts(self.parts, shop_id, budget_s=5)
        jobs.clear()

    # What the app made of it.

    def award(self, order: Order) -> Award | None:
        source_id = f"{self.tenant.shop_id}:{order.id}"
        with self.parts.database.tenant(self.tenant) as session:
            found = session.scalar(
                select(Award).where(Award.source_kind == "order", Award.source_id == source_id)
            )
            session.expunge_all()
            return found

    def points(self, order: Order) -> int | None:
        """Return what the order's award is worth; None when there is no award."""
        award = self.award(order)
        return None if award is None else award.points

    def spend(self, order: Order) -> int | None:
        """Return what counts of an order, in cents; None when the order is unknown."""
        with self.parts.database.tenant(self.tenant) as session:
            return session.scalar(
                select(CustomerOrder.spend_minor).where(CustomerOrder.order_id == order.id)
            )

    def worth(self, order: Order) -> tuple[int | None, int | None]:
        """Return (points, spend in cents) of an order."""
        return self.points(order), self.spend(order)

    def receipt(self, order: Order) -> list[tuple[str, int, int]]:
        """Return (kind, cents that count, points) of each line of the award."""
        award = self.award(order)
        assert award is not None
        return [(line.kind, line.amount_minor, line.points) for line in read_lines(award.receipt)]

    def balances(self, customer: Customer) -> tuple[int, int]:
        """Return what a customer has (pending, available), signing up aside."""
        with self.parts.database.tenant(self.tenant) as session:
            member = session.execute(
                select(Member.pending, Member.available)
                .join(MemberIdentity, MemberIdentity.member_id == Member.id)
                .where(MemberIdentity.customer_id == customer.id)
            ).one()
            return member.pending, member.available


def backwards(told: list[Told]) -> list[Told]:
    """Deliver the last first."""
    return told[::-1]


def twice_and_mixed(told: list[Told]) -> list[Told]:
    """Deliver everything two times, in a random order that is always the same."""
    doubled = told * 2
    random.Random(len(told)).shuffle(doubled)
    return doubled
