"""Tags, collections and accounts are asked for in few calls, and read to the end."""

import pytest

from app.domain.order_facts import CustomerFacts, ProductFacts
from app.shopify.order_facts import fetch_customers, fetch_product_facts


class Answers:
    """Runs operations from a list of answers, and notes what it was asked."""

    def __init__(self, *answers):
        self.answers = list(answers)
        self.asked = []

    def __call__(self, operation, variables=None, **_):
        self.asked.append((operation, variables))
        return self.answers.pop(0)


def page(*collection_ids, after=None):
    return {
        "nodes": [{"legacyResourceId": str(each)} for each in collection_ids],
        "pageInfo": {"hasNextPage": after is not None, "endCursor": after},
    }


def product(product_id, tags, collections):
    return {
        "id": f"gid://shopify/Product/{product_id}",
        "legacyResourceId": str(product_id),
        "tags": tags,
        "collections": collections,
    }


def customers(*nodes, version="NEW_CUSTOMER_ACCOUNTS", login_required=False):
    accounts = {"customerAccountsVersion": version, "loginRequiredAtCheckout": login_required}
    return {"shop": {"customerAccountsV2": accounts}, "nodes": list(nodes)}


def customer(tags=(), state="DISABLED"):
    return {"legacyResourceId": "1", "tags": list(tags), "state": state}


def test_products_are_read_with_all_their_collections():
    run = Answers(
        {"nodes": [product(1, ["tea"], page(7, after="c")), product(2, [], page())]},
        {"product": {"collections": page(8)}},
    )

    assert fetch_product_facts(run, {2, 1}) == {
        1: ProductFacts(("tea",), (7, 8)),
        2: ProductFacts((), ()),
    }
    assert run.asked[1] == (
        "product_collections",
        {"id": "gid://shopify/Product/1", "after": "c"},
    )


def test_a_product_that_is_gone_has_no_facts():
    assert fetch_product_facts(Answers({"nodes": [None]}), [1]) == {1: ProductFacts()}


def test_many_products_are_asked_for_in_batches():
    run = Answers({"nodes": [None] * 25}, {"nodes": [None] * 5})

    assert len(fetch_product_facts(run, range(30))) == 30
    assert len(run.asked) == 2


def test_nobody_is_asked_about_when_nothing_is_missing():
    run = Answers()

    assert fetch_product_facts(run, []) == {}
    assert fetch_customers(run, []) == {}


@pytest.mark.parametrize(
    ("state", "shop", "has_account"),
    [
        ("ENABLED", {"version": "CLASSIC"}, True),
        ("INVITED", {"version": "CLASSIC"}, False),
        ("DISABLED", {"version": "CLASSIC", "login_required": True}, True),
        ("ENABLED", {}, False),
        ("DISABLED", {"login_required": True}, True),
    ],
)
def test_what_tells_of_an_account(state, shop, has_account):
    run = Answers(customers(customer(["VIP"], state), **shop))

    assert fetch_customers(run, [1]) == {1: CustomerFacts(("VIP",), has_account=has_account)}


def test_a_customer_who_is_gone_has_neither_tags_nor_an_account():
    assert fetch_customers(Answers(customers(None)), [1]) == {1: CustomerFacts()}
