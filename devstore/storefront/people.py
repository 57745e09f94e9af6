"""The customers one may sign in as."""

from dataclasses import dataclass

from devstore.services import Services
from devstore.store.customers import Customer

DEMO_TAG = "demo"
SHOWN_MAX = 24
REGULARS_MAX = 8

_MOST_ORDERS = (
    "SELECT customer_id FROM shop_order WHERE customer_id IS NOT NULL"
    " GROUP BY customer_id ORDER BY count(*) DESC, customer_id LIMIT ?"
)


@dataclass(frozen=True)
class Person:
    """One customer in a list to choose from."""

    id: int
    name: str
    email: str | None
    orders: int

    @property
    def initial(self) -> str:
        """Return the letter in the circle beside the name."""
        return self.name[:1].upper()

    @property
    def hue(self) -> int:
        """Return the circle's colour, the same at every visit."""
        return self.id * 47 % 360


def find_people(services: Services, words: str) -> list[Person]:
    """Return customers whose name or email holds every word.

    Customers tagged `demo` come first; without words those with the most orders follow, then the
    newest.
    """
    found = services.store.customers.search(words, SHOWN_MAX)
    if not words.strip():
        found = list({each.id: each for each in [*regulars(services), *found]}.values())
    found.sort(key=lambda customer: DEMO_TAG not in customer.tags)
    return [_person(services, customer) for customer in found[:SHOWN_MAX]]


def regulars(services: Services) -> list[Customer]:
    """Return the customers with the most orders."""
    rows = services.store.database.rows(_MOST_ORDERS, REGULARS_MAX)
    found = (services.store.customers.get(row["customer_id"]) for row in rows)
    return [customer for customer in found if customer is not None]


def _person(services: Services, customer: Customer) -> Person:
    orders = services.store.orders.count(customer.id)
    return Person(customer.id, customer.name, customer.email, orders)
