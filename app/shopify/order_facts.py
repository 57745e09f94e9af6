"""Asks the Admin API for what payloads do not tell of products and customers."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

from app.domain.order_facts import CustomerFacts, ProductFacts
from app.shopify.client import Run

# A query may cost 1,000 points; a product with its first collections asks for some 25.
PRODUCTS_A_CALL_MAX = 25
CUSTOMERS_A_CALL_MAX = 100


def fetch_product_facts(run: Run, product_ids: Iterable[int]) -> dict[int, ProductFacts]:
    """Return tags and collections of these products now; a deleted product has none."""
    facts = {}
    for batch in _batches(product_ids, PRODUCTS_A_CALL_MAX):
        gids = [f"gid://shopify/Product/{product_id}" for product_id in batch]
        for product_id, node in zip(
            batch, run("product_facts", {"ids": gids})["nodes"], strict=True
        ):
            facts[product_id] = _product(run, node) if node else ProductFacts()
    return facts


def fetch_customers(run: Run, customer_ids: Iterable[int]) -> dict[int, CustomerFacts]:
    """Return what these customers are now, all their tags included; a deleted one has none.

    `has_account` is whether Shopify tells of an account: a classic one, or because the shop lets
    nobody check out without signing in. Everybody can sign in to the newer customer accounts, and
    no order says whether its buyer was.
    """
    found = {}
    for batch in _batches(customer_ids, CUSTOMERS_A_CALL_MAX):
        gids = [f"gid://shopify/Customer/{customer_id}" for customer_id in batch]
        data = run("customer_facts", {"ids": gids})
        accounts = data["shop"]["customerAccountsV2"]
        for customer_id, node in zip(batch, data["nodes"], strict=True):
            found[customer_id] = _customer(node, accounts) if node else CustomerFacts()
    return found


def _customer(node: dict[str, Any], accounts: dict[str, Any]) -> CustomerFacts:
    # `state` says nothing in shops with the newer customer accounts.
    classic = accounts["customerAccountsVersion"] == "CLASSIC"
    return CustomerFacts(
        tags=tuple(node["tags"]),
        has_account=accounts["loginRequiredAtCheckout"] or (classic and node["state"] == "ENABLED"),
    )


def _product(run: Run, node: dict[str, Any]) -> ProductFacts:
    page = node["collections"]
    collections = list(page["nodes"])
    while page["pageInfo"]["hasNextPage"]:
        after = page["pageInfo"]["endCursor"]
        answer = run("product_collections", {"id": node["id"], "after": after})["product"]
        if answer is None:
            break
        page = answer["collections"]
        collections += page["nodes"]
    return ProductFacts(
        tags=tuple(node["tags"]),
        collection_ids=tuple(int(each["legacyResourceId"]) for each in collections),
    )


def _batches(ids: Iterable[int], size: int) -> Iterator[list[int]]:
    waiting = iter(sorted(ids))
    while batch := list(islice(waiting, size)):
        yield batch
