"""The pinned facts of orders: tags and collections of products, tags and account of customers."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from app.db.bulk import among
from app.db.models import CustomerOrder, OrderFact
from app.domain.order_facts import (
    NOBODY,
    CustomerFacts,
    OrderFacts,
    ProductFacts,
    customer_facts_from_json,
    product_facts_from_json,
)


def load_order_facts(
    session: Session, shop_id: int, order_ids: Iterable[int]
) -> dict[int, OrderFacts]:
    """Return what is pinned of these orders, by order id; most orders have nothing."""
    rows = session.execute(
        select(OrderFact.order_id, OrderFact.subject, OrderFact.subject_id, OrderFact.facts).where(
            OrderFact.shop_id == shop_id, among(OrderFact.order_id, order_ids)
        )
    )
    products: dict[int, dict[int, ProductFacts]] = defaultdict(dict)
    customers: dict[int, dict[int, CustomerFacts]] = defaultdict(dict)
    for order_id, subject, subject_id, facts in rows:
        if subject == "product":
            products[order_id][subject_id] = product_facts_from_json(facts)
        else:
            customers[order_id][subject_id] = customer_facts_from_json(facts)
    return {
        order_id: OrderFacts(products=products[order_id], customers=customers[order_id])
        for order_id in products.keys() | customers.keys()
    }


def forget_customer_facts(session: Session, shop_id: int, customer_id: int) -> None:
    """Make a redacted customer's facts those of nobody; their orders still name the customer."""
    about_customers = (OrderFact.shop_id == shop_id, OrderFact.subject == "customer")
    own_orders = select(CustomerOrder.order_id).where(
        CustomerOrder.shop_id == shop_id, CustomerOrder.customer_id == customer_id
    )
    told = OrderFact.subject_id == customer_id
    of_own_orders = OrderFact.order_id.in_(own_orders)
    session.execute(
        delete(OrderFact).where(*about_customers, OrderFact.subject_id == NOBODY, of_own_orders)
    )
    session.execute(
        update(OrderFact).where(*about_customers, told, of_own_orders).values(subject_id=NOBODY)
    )
    # What is left is of orders that are another customer's by now.
    session.execute(delete(OrderFact).where(*about_customers, told))


def product_fact_row(order_id: int, product_id: int, facts: ProductFacts) -> dict[str, Any]:
    """Return what an OrderFact of a product says, but for its shop and time."""
    return {
        "order_id": order_id,
        "subject": "product",
        "subject_id": product_id,
        "facts": facts._asdict(),
    }


def customer_fact_row(order_id: int, customer_id: int, facts: CustomerFacts) -> dict[str, Any]:
    """Return what an OrderFact of a customer says, but for its shop and time."""
    return {
        "order_id": order_id,
        "subject": "customer",
        "subject_id": customer_id,
        "facts": facts._asdict(),
    }
