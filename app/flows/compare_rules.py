"""Compares a draft of rules with the live ones, asking Shopify for what no order has pinned yet."""

import logging

from app.clock import utc_now
from app.container import Container
from app.db.session import Tenant
from app.domain.order_facts import ProductFacts
from app.flows.shop_access import runner
from app.services.compare_rules import PresentFacts, compare_rules, facts_wanted
from app.shopify.errors import ShopifyError
from app.shopify.order_facts import fetch_customers, fetch_product_facts

logger = logging.getLogger(__name__)

PRODUCTS_KEPT_MAX = 20_000
"""So many products are remembered from batch to batch; customers come once."""


class Comparing:
    """One run over a comparison's orders; it remembers products, which orders share."""

    def __init__(self, parts: Container, tenant: Tenant, comparison_id: int) -> None:
        self._parts = parts
        self._tenant = tenant
        self._comparison_id = comparison_id
        self._products: dict[int, ProductFacts] = {}

    def next_orders(self) -> bool:
        """Reckon the next orders; return whether there are more.

        When Shopify cannot be asked, orders are reckoned with what is known, and those that cannot
        be judged are counted.
        """
        database = self._parts.database
        with database.tenant(self._tenant) as session:
            wanted = facts_wanted(session, comparison_id=self._comparison_id)
        present = self._present(wanted)
        with database.tenant(self._tenant) as session:
            return compare_rules(
                session, comparison_id=self._comparison_id, now=utc_now(), present=present
            )

    def _present(self, wanted: PresentFacts) -> PresentFacts:
        shop_id = self._tenant.shop_id
        if shop_id is None or not (wanted.products or wanted.customers):
            return PresentFacts()
        run = runner(self._parts, shop_id)
        if len(self._products) > PRODUCTS_KEPT_MAX:
            self._products.clear()
        try:
            unknown = wanted.products.keys() - self._products.keys()
            self._products |= fetch_product_facts(run, unknown)
            customers = fetch_customers(run, wanted.customers)
        except ShopifyError as error:
            logger.warning("Comparison %s goes on without facts: %s", self._comparison_id, error)
            customers = {}
        return PresentFacts(products=self._products, customers=customers)
