"""What the Admin API's queries find."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any, TypeVar

from graphql import GraphQLError

from devstore.admin_api.admin_schema import NODE_SCOPES, access_denied
from devstore.admin_api.connections import (
    connection,
    decode_cursor,
    encode_cursor,
    list_connection,
    page_size,
)
from devstore.admin_api.customer_view import customer_view
from devstore.admin_api.discount_view import automatic_view, discount_view
from devstore.admin_api.given_money_view import transaction_view
from devstore.admin_api.order_view import order_view, refund_view
from devstore.admin_api.product_view import collection_view, product_view, variant_view
from devstore.admin_api.search_words import read_search
from devstore.admin_api.segment_view import segment_view
from devstore.admin_api.shop_view import installation_view, locale_views, shop_view
from devstore.admin_api.values import gid_parts
from devstore.store.codec import stamp
from devstore.store.collections import COLLECTIONS, collection
from devstore.store.companies import Company
from devstore.store.customer_tags import read_tags, with_tags
from devstore.store.customers import CUSTOMER_COLUMNS, Customer
from devstore.store.filters import Filter
from devstore.store.order import Order
from devstore.store.order_table import ORDER_COLUMNS
from devstore.store.store import Store

View = dict[str, Any]
Item = TypeVar("Item", Order, Customer)

# Without read_all_orders an app sees the orders of the last 60 days only.
VISIBLE = timedelta(days=60)
ORDER_SORTS = {
    "CREATED_AT": "created_at",
    "ID": "id",
    "ORDER_NUMBER": "number",
    "PROCESSED_AT": "processed_at",
    "UPDATED_AT": "updated_at",
}
CUSTOMER_SORTS = {"ID": "id", "UPDATED_AT": "updated_at"}


def gid_argument(gid: str, *types: str) -> tuple[str, int]:
    """Return type and number of an id argument; a wrong one is an error, as at Shopify."""
    try:
        kind, number = gid_parts(gid)
    except ValueError as problem:
        raise GraphQLError(str(problem), extensions={"code": "INVALID_VARIABLE"}) from problem
    if types and kind not in types:
        raise GraphQLError(
            f"Invalid id: {gid}", extensions={"code": "RESOURCE_NOT_FOUND", "id": gid}
        )
    return kind, number


class Queries:
    """Resolvers of the query root, for one request with its scopes."""

    def __init__(self, store: Store, scopes: frozenset[str]) -> None:
        self._store = store
        self._scopes = scopes

    def resolvers(self) -> dict[str, Any]:
        """Return the root value of queries: a resolver for each field."""
        store = self._store
        return {
            "shop": lambda _info: shop_view(store),
            "currentAppInstallation": lambda _info: installation_view(store),
            "shopLocales": lambda _info, published=False: locale_views(store, published),
            "orders": self.orders,
            "order": self.order,
            "refund": self.refund,
            "customers": self.customers,
            "customer": self.customer,
            "product": lambda _info, id: self._product(gid_argument(id, "Product")[1]),
            "productVariant": lambda _info, id: self._variant(
                gid_argument(id, "ProductVariant")[1]
            ),
            "collection": lambda _info, id: _collection(gid_argument(id, "Collection")[1]),
            "collections": list_connection([collection_view(each) for each in COLLECTIONS]),
            "node": lambda _info, id: self.node(id),
            "nodes": lambda _info, ids: [self.node(each) for each in ids],
            "companies": self.companies,
            "company": self.company,
            "segment": self.segment,
            "segments": self.segments,
            "discountNodes": self.automatic_discounts,
            "codeDiscountNode": self.discount,
            "codeDiscountNodeByCode": self.discount_by_code,
        }

    def orders(
        self,
        _info: object,
        first: int | None = None,
        after: str | None = None,
        query: str | None = None,
        reverse: bool = False,
        **arguments: str,
    ) -> View:
        """Return a page of orders."""
        filters = read_search(query, ORDER_COLUMNS)
        if "read_all_orders" not in self._scopes:
            since = stamp(self._store.clock.now() - VISIBLE)
            filters.append(Filter("created_at", ">=", since))
        sort = _sort(arguments, ORDER_SORTS, "PROCESSED_AT")

        def find(position: tuple[str | int, int] | None, limit: int) -> Sequence[Order]:
            return self._store.orders.page(filters, position, limit, sort, reverse)

        return _page(find, lambda order: order_view(self._store, order), sort, first, after)

    def order(self, _info: object, id: str) -> View | None:
        """Return an order that the app may see."""
        found = self._visible_order(gid_argument(id, "Order")[1])
        return None if found is None else order_view(self._store, found)

    def refund(self, _info: object, id: str) -> View | None:
        """Return a refund of an order that the app may see."""
        refund_id = gid_argument(id, "Refund")[1]
        found = self._store.orders.by_refund(refund_id)
        order = None if found is None else self._visible_order(found.id)
        if order is None:
            return None
        refund = next(each for each in order.refunds if each.id == refund_id)
        return refund_view(self._store, order, refund)

    def customers(
        self,
        _info: object,
        first: int | None = None,
        after: str | None = None,
        query: str | None = None,
        reverse: bool = False,
        **arguments: str,
    ) -> View:
        """Return a page of customers."""
        if query and query.startswith("tag:"):
            return self._tagged(_info, query, first, after)
        filters = read_search(query, CUSTOMER_COLUMNS)
        sort = _sort(arguments, CUSTOMER_SORTS, "ID")

        def find(position: tuple[str | int, int] | None, limit: int) -> Sequence[Customer]:
            return self._store.customers.page(filters, position, limit, sort, reverse)

        return _page(find, lambda each: customer_view(self._store, each), sort, first, after)

    def _tagged(self, info: object, query: str, first: int | None, after: str | None) -> View:
        wanted = read_tags([query.removeprefix("tag:").strip("'\"")])
        found = [
            customer_view(self._store, each)
            for each in self._store.customers.all(100_000)
            if with_tags(each.tags, wanted) == each.tags
        ]
        return list_connection(found)(info, first=first, after=after)

    def companies(self, info: object, **arguments: Any) -> View:  # noqa: ANN401 - GraphQL's
        """Return a page of companies, each with its contacts."""
        found = [self._company(each) for each in self._store.companies.all()]
        return list_connection(found)(info, **arguments)

    def company(self, _info: object, id: str) -> View | None:
        """Return a company, with its contacts."""
        company_id = gid_argument(id, "Company")[1]
        found = [each for each in self._store.companies.all() if each.id == company_id]
        return self._company(found[0]) if found else None

    def _company(self, company: Company) -> View:
        named = {"__typename": "Company", "id": company.gid, "name": company.name}
        return named | {"contacts": list_connection(self._contacts(company.id))}

    def _contacts(self, company_id: int) -> list[View]:
        store = self._store
        return [
            {
                "id": each.gid,
                "customer": customer_view(store, store.customers.require(each.customer_id)),
            }
            for each in store.companies.contacts(company_id)
        ]

    def customer(self, _info: object, id: str) -> View | None:
        """Return a customer."""
        found = self._store.customers.get(gid_argument(id, "Customer")[1])
        return None if found is None else customer_view(self._store, found)

    def discount(self, _info: object, id: str) -> View | None:
        """Return a discount by id."""
        found = self._store.discounts.get(gid_argument(id, "DiscountCodeNode")[1])
        return None if found is None else discount_view(self._store, found)

    def discount_by_code(self, _info: object, code: str) -> View | None:
        """Return a discount by its code."""
        found = self._store.discounts.by_code(code)
        return None if found is None else discount_view(self._store, found)

    def segment(self, _info: object, id: str) -> View | None:
        """Return a segment by id."""
        found = self._store.segments.get(gid_argument(id, "Segment")[1])
        return None if found is None else segment_view(found)

    def segments(self, info: object, query: str | None = None, **arguments: Any) -> View:  # noqa: ANN401 - GraphQL's
        """Return a page of segments, whose name may be asked for: `name:'Gold'`."""
        found = [segment_view(each) for each in self._store.segments.all()]
        if query:
            wanted = query.removeprefix("name:").strip("'\"")
            found = [each for each in found if wanted.casefold() in each["name"].casefold()]
        return list_connection(found)(info, **arguments)

    def automatic_discounts(
        self,
        info: object,
        query: str | None = None,
        **arguments: Any,  # noqa: ANN401 - GraphQL's
    ) -> View:
        """Return a page of automatic discounts, the only ones that may be asked for here."""
        if query != "method:automatic":
            raise GraphQLError(f"The development store can't search for {query!r}.")
        nodes = [
            automatic_view(self._store, each) for each in self._store.discounts.automatic.all()
        ]
        found = [
            {"__typename": "DiscountNode", "id": node["id"], "discount": node["automaticDiscount"]}
            for node in nodes
        ]
        return list_connection(found)(info, **arguments)

    def node(self, gid: str) -> View | None:
        """Return whatever a global id names, or None."""
        kind, number = gid_argument(gid)
        scope = NODE_SCOPES.get(kind)
        if scope is not None and scope not in self._scopes:
            raise access_denied(kind, scope)
        find: dict[str, Callable[[], View | None]] = {
            "Order": lambda: self.order(None, gid),
            "Refund": lambda: self.refund(None, gid),
            "Customer": lambda: self.customer(None, gid),
            "DiscountCodeNode": lambda: self.discount(None, gid),
            "Product": lambda: self._product(number),
            "ProductVariant": lambda: self._variant(number),
            "Collection": lambda: _collection(number),
            "StoreCreditAccountCreditTransaction": lambda: self._credit(number),
            "Shop": lambda: shop_view(self._store),
            "AppInstallation": lambda: installation_view(self._store),
        }
        return find[kind]() if kind in find else None

    def _product(self, product_id: int) -> View | None:
        found = self._store.products.get(product_id)
        return None if found is None else product_view(found)

    def _variant(self, variant_id: int) -> View | None:
        if not self._store.products.existing([variant_id]):
            return None
        found = self._store.products.variant(variant_id)
        return variant_view(*found, self._store.shop.currency)

    def _credit(self, transaction_id: int) -> View | None:
        found = self._store.store_credit.with_transaction(transaction_id)
        return None if found is None else transaction_view(self._store, *found)

    def _visible_order(self, order_id: int) -> Order | None:
        found = self._store.orders.get(order_id)
        if found is None or "read_all_orders" in self._scopes:
            return found
        return found if found.created_at >= self._store.clock.now() - VISIBLE else None


def _collection(collection_id: int) -> View | None:
    found = collection(collection_id)
    return None if found is None else collection_view(found)


def _sort(arguments: dict[str, str], known: dict[str, str], default: str) -> str:
    key = arguments.get("sortKey", default)
    if key not in known:
        raise GraphQLError(f"The development store can't sort by {key}.")
    return known[key]


def _page(
    find: Callable[[tuple[str | int, int] | None, int], Sequence[Item]],
    view: Callable[[Item], View],
    sort: str,
    first: int | None,
    after: str | None,
) -> View:
    size = page_size(first)
    position = decode_cursor(after)
    found = find(position, size + 1)
    page = found[:size]
    cursors = [encode_cursor(_sort_value(each, sort), each.id) for each in page]
    nodes = [view(each) for each in page]
    return connection(nodes, cursors, len(found) > size, position is not None)


def _sort_value(item: Order | Customer, sort: str) -> str | int:
    value = getattr(item, sort)
    return value if isinstance(value, int) else stamp(value)
