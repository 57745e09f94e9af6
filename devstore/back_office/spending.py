"""What a customer has bought so far."""

from dataclasses import dataclass

from devstore.services import Services

MOST_ORDERS = 1_000


@dataclass(frozen=True)
class Spending:
    """Orders that stand, and what was paid less what was given back, in minor units."""

    orders: int
    spent_minor: int


def spending_of(services: Services, customer_id: int) -> Spending:
    """Return the customer's orders and spending; cancelled and test orders do not count."""
    orders = services.store.orders.all(MOST_ORDERS, customer_id=customer_id)
    counted = [order for order in orders if order.cancelled_at is None and not order.test]
    return Spending(len(counted), sum(order.paid_minor - order.refunded_minor for order in counted))
