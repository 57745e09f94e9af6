"""What happened, in order: the states a history announces and those it leaves behind."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from devstore.store.customers import Customer
from devstore.store.order import Order
from devstore.store.store import Store

CHUNK = 2000
T = TypeVar("T")


@dataclass(frozen=True)
class Happening:
    """One webhook to be: its topic and its subject as it was at that time."""

    topic: str
    subject: object


@dataclass
class History:
    """Customers and orders as they end, and everything that is to be announced, in order."""

    customers: list[Customer] = field(default_factory=list)
    orders: list[Order] = field(default_factory=list)
    happenings: list[Happening] = field(default_factory=list)
    unmatched_returns: int = 0

    def told_fully(self) -> list[Happening]:
        """Return what Shopify would tell: paid orders as created, paid and updated."""
        return [
            each
            for happening in self.happenings
            for each in (
                [
                    Happening("orders/create", happening.subject),
                    happening,
                    Happening("orders/updated", happening.subject),
                ]
                if happening.topic == "orders/paid"
                else [happening]
            )
        ]


def store_history(store: Store, history: History) -> None:
    """Leave the shop as the history ends; storing it again changes nothing."""
    for customers in _chunks(history.customers):
        store.customers.import_many(customers)
    for orders in _chunks(history.orders):
        store.orders.import_many(orders)


def _chunks(items: Sequence[T]) -> Iterator[Sequence[T]]:
    for start in range(0, len(items), CHUNK):
        yield items[start : start + CHUNK]
