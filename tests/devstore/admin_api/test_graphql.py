"""The Admin API answers, pages, refuses and throttles as Shopify's does."""

from datetime import timedelta

import pytest
import requests
from graphql import build_schema, parse

from devstore.admin_api.bucket import CostBucket
from devstore.admin_api.cost import CostOf

ORDERS = """query Orders($after: String, $query: String) {
  orders(first: 2, after: $after, query: $query, sortKey: UPDATED_AT) {
    nodes { legacyResourceId updatedAt } pageInfo { hasNextPage endCursor }
  }
}"""
CREATE = """mutation Create($discount: DiscountCodeBasicInput!) {
  discountCodeBasicCreate(basicCodeDiscount: $discount) {
    codeDiscountNode { id codeDiscount { ... on DiscountCodeBasic { title status } } }
    userErrors { field message code }
  }
}"""
SET = """mutation Set($metafields: [MetafieldsSetInput!]!) {
  metafieldsSet(metafields: $metafields) {
    metafields { namespace key value compareDigest } userErrors { field code elementIndex }
  }
}"""


def discount(customer, code="RG-1", **more):
    return {
        "title": "50 off",
        "code": code,
        "startsAt": "2026-01-01T00:00:00Z",
        "usageLimit": 1,
        "context": {"customers": {"add": [customer.gid]}},
        "customerGets": {
            "items": {"all": True},
            "value": {"discountAmount": {"amount": "50.00", "appliesOnEachItem": False}},
        },
        **more,
    }


def test_the_shop_and_the_installation_are_told(running):
    data = running.data(
        "{ shop { name currencyCode ianaTimezone plan { publicDisplayName shopifyPlus } }"
        " currentAppInstallation { accessScopes { handle } } shopLocales { locale primary } }"
    )

    assert data["shop"]["name"] == "Baan Cha"
    assert data["shop"]["plan"] == {"publicDisplayName": "Plus", "shopifyPlus": True}
    assert {"handle": "read_orders"} in data["currentAppInstallation"]["accessScopes"]
    assert data["shopLocales"][0] == {"locale": "en", "primary": True}


def test_orders_come_in_pages_that_miss_none(running):
    placed = [str(running.order().id) for _ in range(5)]

    found, after = [], None
    while True:
        page = running.data(ORDERS, after=after)["orders"]
        found += [node["legacyResourceId"] for node in page["nodes"]]
        if not page["pageInfo"]["hasNextPage"]:
            break
        after = page["pageInfo"]["endCursor"]

    assert found == placed


def test_orders_are_found_by_when_they_changed(running):
    old = running.order()
    running.store.clock.advance(3600)
    new = running.order()

    since = (new.updated_at - timedelta(minutes=1)).isoformat()
    nodes = running.data(ORDERS, query=f"updated_at:>='{since}'")["orders"]["nodes"]
    assert [node["legacyResourceId"] for node in nodes] == [str(new.id)]

    running.store.orders.fulfil(old.id)
    nodes = running.data(ORDERS, query=f"updated_at:>='{since}'")["orders"]["nodes"]
    assert len(nodes) == 2


def test_orders_of_more_than_60_days_need_read_all_orders(running):
    order = running.order()
    running.store.clock.advance(61 * 24 * 3600)
    query = "query Q($id: ID!) { order(id: $id) { id } nodes(ids: [$id]) { id } }"

    hidden = running.data(query, id=order.gid)
    assert hidden == {"order": None, "nodes": [None]}
    assert running.data(ORDERS)["orders"]["nodes"] == []

    running.store.installation.grant_optional(True)
    assert running.data(query, id=order.gid)["order"] == {"id": order.gid}


def test_an_order_is_told_whole(running):
    customer = running.customer()
    order = running.order(customer, quantity=2)
    running.store.orders.refund(order.id, [(order.lines[0].id, 1)])

    answer = running.data(
        """query Q($id: ID!) { order(id: $id) {
          displayFinancialStatus taxesIncluded test currencyCode customer { id email }
          currentSubtotalPriceSet { shopMoney { amount currencyCode } }
          lineItems(first: 10) { nodes { quantity currentQuantity isGiftCard product { id tags }
            originalUnitPriceSet { shopMoney { amount } } } }
          refunds(first: 5) { refundLineItems(first: 5) {
            nodes { quantity subtotalSet { shopMoney { amount } } lineItem { id } } } }
        } }""",
        id=order.gid,
    )["order"]

    assert answer["displayFinancialStatus"] == "PARTIALLY_REFUNDED"
    assert answer["customer"] == {"id": customer.gid, "email": "mali@example.com"}
    assert answer["currentSubtotalPriceSet"]["shopMoney"] == {
        "amount": "120.0",
        "currencyCode": "THB",
    }
    (line,) = answer["lineItems"]["nodes"]
    assert (line["quantity"], line["currentQuantity"]) == (2, 1)
    (refunded,) = answer["refunds"][0]["refundLineItems"]["nodes"]
    assert refunded["lineItem"] == {"id": order.lines[0].gid}
    assert refunded["subtotalSet"]["shopMoney"]["amount"] == "120.0"


def test_an_unknown_field_is_refused_in_shopifys_words(running):
    answer = running.ask("{ shop { petals } }")

    assert answer.status_code == 200
    (error,) = answer.json()["errors"]
    assert error["message"] == "Field 'petals' doesn't exist on type 'Shop'"
    assert error["extensions"]["code"] == "undefinedField"


def test_without_a_token_nothing_is_told(running):
    answer = requests.post(
        f"{running.shop_url}/admin/api/2026-10/graphql.json", json={"query": "{ shop { id } }"},
        timeout=60,
    )  # fmt: skip

    assert answer.status_code == 401


def test_a_missing_scope_is_access_denied(running):
    token = running.exchange().json()["access_token"]
    running.store.access.set_scopes(("read_products",))

    (error,) = running.ask("{ orders(first: 1) { nodes { id } } }", token).json()["errors"]

    assert error["extensions"]["code"] == "ACCESS_DENIED"
    assert "read_orders" in error["message"]


def test_a_code_is_created_once_and_then_taken(running):
    customer = running.customer()

    first = running.data(CREATE, discount=discount(customer))["discountCodeBasicCreate"]
    second = running.data(CREATE, discount=discount(customer))["discountCodeBasicCreate"]

    assert first["codeDiscountNode"]["codeDiscount"] == {"title": "50 off", "status": "ACTIVE"}
    assert second["codeDiscountNode"] is None
    assert second["userErrors"] == [
        {
            "field": ["basicCodeDiscount", "code"],
            "message": "Code must be unique. Please try a different code.",
            "code": "TAKEN",
        }
    ]
    assert running.store.discounts.by_code("rg-1").amount_minor == 5000


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"title": ""}, "BLANK"),
        ({"context": None}, "BLANK"),
        ({"endsAt": "2025-01-01T00:00:00Z"}, "END_DATE_BEFORE_START_DATE"),
        ({"customerGets": {"items": {"all": True}, "value": {"percentage": 1.5}}}, "VALUE_OUTSIDE_RANGE"),
    ],
)  # fmt: skip
def test_a_wrong_code_is_refused(running, change, code):
    asked = discount(running.customer()) | change

    answer = running.data(CREATE, discount=asked)["discountCodeBasicCreate"]

    assert [error["code"] for error in answer["userErrors"]] == [code]
    assert running.store.discounts.all() == []


def test_a_deleted_code_is_gone_and_deleting_it_again_says_so(running):
    made = running.data(CREATE, discount=discount(running.customer()))
    gid = made["discountCodeBasicCreate"]["codeDiscountNode"]["id"]
    delete = (
        "mutation D($id: ID!) { discountCodeDelete(id: $id)"
        " { deletedCodeDiscountId userErrors { field message } } }"
    )

    assert running.data(delete, id=gid)["discountCodeDelete"]["deletedCodeDiscountId"] == gid
    assert running.data(delete, id=gid)["discountCodeDelete"]["userErrors"] == [
        {"field": ["id"], "message": "Discount does not exist."}
    ]
    found = running.data('{ codeDiscountNodeByCode(code: "RG-1") { id } }')
    assert found == {"codeDiscountNodeByCode": None}


def test_metafields_are_set_all_or_none(running):
    customer = running.customer()
    points = {"ownerId": customer.gid, "key": "points", "value": "120"}
    broken = {"ownerId": customer.gid, "key": "state", "type": "json", "value": "{"}

    refused = running.data(SET, metafields=[points, broken])["metafieldsSet"]
    assert refused["metafields"] is None
    assert refused["userErrors"] == [
        {"field": ["metafields", "1", "value"], "code": "INVALID_VALUE", "elementIndex": 1}
    ]
    assert running.store.metafields.get(customer.gid, "$app", "points") is None

    done = running.data(SET, metafields=[points])["metafieldsSet"]
    assert done["metafields"][0]["value"] == "120"
    assert running.store.metafields.get(customer.gid, "$app", "points").parsed == 120


def test_a_stale_digest_is_refused(running):
    owner = running.store.shop.installation_gid
    first = {"ownerId": owner, "namespace": "widget", "key": "settings", "type": "json", "value": "{}"}  # fmt: skip
    running.data(SET, metafields=[first])

    answer = running.data(SET, metafields=[first | {"compareDigest": "old"}])["metafieldsSet"]

    assert [error["code"] for error in answer["userErrors"]] == ["STALE_OBJECT"]


def test_every_answer_tells_what_it_cost(running):
    cost = running.ask(ORDERS).json()["extensions"]["cost"]

    assert cost["requestedQueryCost"] >= cost["actualQueryCost"] > 0
    assert cost["throttleStatus"]["restoreRate"] == 1000.0


def test_a_query_that_is_too_dear_is_refused(running):
    lines = "lineItems(first: 250) { nodes { id product { id } variant { id } } }"
    many = " ".join(f"a{n}: {lines}" for n in range(6))
    answer = running.ask(f"{{ orders(first: 250) {{ nodes {{ {many} }} }} }}").json()

    assert answer["errors"][0]["extensions"]["code"] == "MAX_COST_EXCEEDED"


def test_a_connection_costs_what_shopify_says_it_costs():
    # Published by a merchant: 25 points for 250 variants, each with an object of its own.
    schema = build_schema(
        "type Query { product: Product } type Product { variants(first: Int): VariantConnection }"
        " type VariantConnection { nodes: [Variant] } type Variant { item: Item }"
        " type Item { id: ID }"
    )
    document = parse("{ product { variants(first: 250) { nodes { item { id } } } } }")

    assert CostOf(schema, {}, {}).operation(document.definitions[0]) == 25


def test_an_empty_bucket_fills_again():
    seconds = [0.0]
    bucket = CostBucket("Basic", timer=lambda: seconds[0])

    assert bucket.take(2000)
    assert not bucket.take(1)
    seconds[0] = 0.5
    assert bucket.take(50)
    assert not bucket.take(1)


def test_an_app_that_asks_too_much_is_throttled_at_200(start_store):
    running = start_store(plan="Basic")
    token = running.exchange().json()["access_token"]
    create = " ".join(
        f'm{n}: discountCodeDelete(id: "gid://shopify/DiscountCodeNode/1") {{ userErrors {{ code }} }}'
        for n in range(90)
    )

    answers = [running.ask(f"mutation {{ {create} }}", token) for _ in range(4)]

    assert {answer.status_code for answer in answers} == {200}
    error = answers[-1].json()["errors"][0]
    assert (error["message"], error["extensions"]["code"]) == ("Throttled", "THROTTLED")


def test_faults_strike_before_and_after_the_effect(running):
    customer = running.customer()
    token = running.exchange().json()["access_token"]
    faults = f"{running.origin}/admin/faults"

    requests.post(
        faults, json={"operation": "discountCodeBasicCreate", "kind": "before"}, timeout=5
    )
    assert running.ask(CREATE, token, discount=discount(customer)).status_code == 503
    assert running.store.discounts.by_code("RG-1") is None

    requests.post(faults, json={"operation": "Create", "kind": "after"}, timeout=60)
    assert running.ask(CREATE, token, discount=discount(customer)).status_code == 503
    assert running.store.discounts.by_code("RG-1") is not None

    requests.post(faults, json={"operation": "*", "kind": "throttled"}, timeout=60)
    answer = running.ask("{ shop { id } }", token)
    assert answer.json()["errors"][0]["extensions"]["code"] == "THROTTLED"
    assert running.data("{ shop { id } }", token)


def test_a_product_tells_its_tags_and_the_collections_they_put_it_in(running):
    tea = running.store.products.all()[0]
    text = (
        "query($id: ID!) { product(id: $id) { tags collections(first: 5) { nodes { id title } } } }"
    )

    before = running.data(text, id=tea.gid)["product"]
    running.store.products.set_tags(tea.id, ["gift", "green"])
    after = running.data(text, id=tea.gid)["product"]

    assert [each["title"] for each in before["collections"]["nodes"]] == ["Teas", "Bestsellers"]
    assert after["tags"] == ["gift", "green"]
    assert [each["title"] for each in after["collections"]["nodes"]] == ["Gifts"]
