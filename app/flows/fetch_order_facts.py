"""Fetches what orders wait for: facts of their products and customers, and when they were paid."""

import time

from app.clock import utc_now
from app.container import Container
from app.db.queries.facts_wanted import WaitingOrder, waiting_orders
from app.db.rulebook import load_rulebook
from app.db.session import Tenant
from app.domain.order_facts import CustomerFacts, ProductFacts
from app.domain.order_snapshot import OrderSnapshot
from app.flows.shop_access import runner
from app.flows.shop_tenant import shop_tenant
from app.services.pin_order_facts import pin_order_facts
from app.shopify.client import Run
from app.shopify.order_facts import fetch_customers, fetch_product_facts
from app.shopify.orders import fetch_orders

ORDERS_A_PASS = 100


def fetch_order_facts(parts: Container, shop_id: int, *, budget_s: float) -> bool:
    """Serve the shop's orders that wait; return whether some may be left after `budget_s` seconds.

    A product is asked for once for all orders of a pass. Raises app.shopify.errors when Shopify
    does not answer; orders served until then keep their facts.
    """
    tenant = shop_tenant(parts, shop_id)
    program_id = tenant.program_id
    if program_id is None:
        return False
    ends = time.monotonic() + budget_s
    run = runner(parts, shop_id)
    while time.monotonic() < ends:
        with parts.database.tenant(tenant) as session:
            rulebook = load_rulebook(session, program_id)
            orders = waiting_orders(session, shop_id, rulebook, ORDERS_A_PASS)
        if not orders:
            return False
        products, customers = _ask(run, orders)
        unknown = [order.order_id for order in orders if order.payment_unknown]
        told = [order for order in fetch_orders(run, unknown) if not order.test]
        _pin(parts, tenant, orders, products, customers, told)
    return True


def _ask(
    run: Run, orders: list[WaitingOrder]
) -> tuple[dict[int, ProductFacts], dict[int, CustomerFacts]]:
    missing = [order.missing for order in orders]
    product_ids = {product_id for each in missing for product_id in each.product_ids}
    customer_ids = {each.customer_id for each in missing if each.customer_id is not None}
    return fetch_product_facts(run, product_ids), fetch_customers(run, customer_ids)


def _pin(
    parts: Container,
    tenant: Tenant,
    orders: list[WaitingOrder],
    products: dict[int, ProductFacts],
    customers: dict[int, CustomerFacts],
    told: list[OrderSnapshot],
) -> None:
    if tenant.shop_id is None or tenant.program_id is None:
        return
    with parts.database.tenant(tenant) as session:
        pin_order_facts(
            session,
            shop_id=tenant.shop_id,
            program_id=tenant.program_id,
            orders=orders,
            products=products,
            customers=customers,
            told=told,
            now=utc_now(),
            ledger_key=parts.settings.ledger_key,
        )
        parts.jobs.enqueue("push_member_metafields", session, program_id=tenant.program_id)
