"""The customers one may sign in as."""

from dataclasses import dataclass

from devstore.services import Services
from devstore.store.customers import Customer

DEMO_TAG = "demo"
SHOWN_MAX = 24


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
    """Return customers whose name or email holds every word, the demo customers first."""
    found = services.store.customers.search(words, SHOWN_MAX)
    found.sort(key=lambda customer: DEMO_TAG not in customer.tags)
    return [_person(services, customer) for customer in found]


def _person(services: Services, customer: Customer) -> Person:
    orders = services.store.orders.count(customer.id)
    return Person(customer.id, customer.name, customer.email, orders)
