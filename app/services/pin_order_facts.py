"""Pins what was fetched of orders' products and customers, and reckons the orders with it."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from app.db.bulk import Row, among, insert_new_rows
from app.db.models import MemberIdentity, OrderFact
from app.db.order_facts import customer_fact_row, product_fact_row
from app.db.queries.facts_wanted import WaitingOrder
from app.db.shop_lock import lock_shop
from app.domain.exclusions import named_tags
from app.domain.order_facts import CustomerFacts, ProductFacts
from app.domain.order_snapshot import OrderSnapshot
from app.services.award_orders import BatchResult, award_orders


def pin_order_facts(
    session: Session,
    *,
    shop_id: int,
    program_id: int,
    orders: Sequence[WaitingOrder],
    products: Mapping[int, ProductFacts],
    customers: Mapping[int, CustomerFacts],
    now: datetime,
    ledger_key: bytes,
    told: Sequence[OrderSnapshot] = (),
) -> BatchResult:
    """Keep the facts that `orders` miss, and award the orders.

    What is pinned already stays as it is. A customer whom the app has seen signed in has an
    account, whatever Shopify says. Of a customer's tags those are kept that the rules name. `told`
    are those of the orders that were fetched, to learn when they were paid.
    """
    lock_shop(session, shop_id)
    seen = seen_signed_in(session, shop_id, customers)
    rows = [row for order in orders for row in _rows(order, products, customers, seen)]
    insert_new_rows(
        session, OrderFact, [row | {"shop_id": shop_id, "fetched_at": now} for row in rows]
    )
    return award_orders(
        session,
        shop_id=shop_id,
        program_id=program_id,
        snapshots=told,
        fetched=True,
        completed_order_ids=[order.order_id for order in orders],
        now=now,
        ledger_key=ledger_key,
    )


def _rows(
    order: WaitingOrder,
    products: Mapping[int, ProductFacts],
    customers: Mapping[int, CustomerFacts],
    seen: set[int],
) -> Iterable[Row]:
    for product_id in sorted(order.missing.product_ids & products.keys()):
        yield product_fact_row(order.order_id, product_id, products[product_id])
    customer_id = order.missing.customer_id
    if customer_id is not None and customer_id in customers:
        told = customers[customer_id]
        facts = CustomerFacts(
            tags=named_tags(told.tags, order.rules.excluded_customer_tags),
            has_account=told.has_account or customer_id in seen,
        )
        yield customer_fact_row(order.order_id, customer_id, facts)


def seen_signed_in(session: Session, shop_id: int, customer_ids: Iterable[int]) -> set[int]:
    """Return who was seen signed in, as this customer or as another that is the same member."""
    same = aliased(MemberIdentity)
    return set(
        session.scalars(
            select(MemberIdentity.customer_id)
            .join(same, same.member_id == MemberIdentity.member_id)
            .where(
                MemberIdentity.shop_id == shop_id,
                among(MemberIdentity.customer_id, customer_ids),
                same.signed_in_at.is_not(None),
            )
        )
    )
