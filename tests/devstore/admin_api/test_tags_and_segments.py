"""Tags, segments and automatic free shipping are changed, refused and applied as at Shopify."""

import json

import pytest

from devstore.store import CartLine, CombinesWith, Discount, Shipping

TAG = """mutation Tag($id: ID!, $add: [String!]!, $remove: [String!]!) {
  tagsAdd(id: $id, tags: $add) { node { id } userErrors { field message } }
  tagsRemove(id: $id, tags: $remove) { userErrors { field message } }
}"""
SEGMENT = """mutation Create($name: String!, $query: String!) {
  segmentCreate(name: $name, query: $query) { segment { id name query } userErrors { field } }
}"""
SHIPPING = """mutation Create($given: DiscountAutomaticFreeShippingInput!) {
  discountAutomaticFreeShippingCreate(freeShippingAutomaticDiscount: $given) {
    automaticDiscountNode { id } userErrors { code field }
  }
}"""
GOLD = "customer_tags CONTAINS 'regulars-gold'"


@pytest.fixture
def gold(running):
    answer = running.data(SEGMENT, name="Gold", query=GOLD)["segmentCreate"]
    assert answer["userErrors"] == []
    return answer["segment"]["id"]


def given(segment, **more):
    return {
        "title": "Gold: free shipping",
        "startsAt": "2026-01-01T00:00:00Z",
        "context": {"customerSegments": {"add": [segment]}},
        "combinesWith": {"orderDiscounts": True, "productDiscounts": True},
        **more,
    }


def evaluated(running, customer, *codes):
    tea = running.store.products.by_handle("jasmine-tea").variants[0]
    return running.store.discounts.evaluate(
        codes, customer.id, [CartLine(tea.id, 2)], running.store.clock.now(), 4000
    )


def test_a_tag_is_there_once_whatever_its_case(running):
    customer = running.store.customers.create(first_name="Mali", tags=("VIP", "Silver"))

    answer = running.data(TAG, id=customer.gid, add=["vip", "Gold, Tea"], remove=["SILVER"])

    assert answer["tagsAdd"]["userErrors"] == answer["tagsRemove"]["userErrors"] == []
    assert running.store.customers.require(customer.id).tags == ("VIP", "Gold", "Tea")


def test_tags_of_an_unknown_customer_are_refused(running):
    answer = running.data(TAG, id="gid://shopify/Customer/1", add=["Gold"], remove=[])

    assert answer["tagsAdd"]["userErrors"][0]["field"] == ["id"]


def test_a_customer_has_250_tags_at_most(running):
    customer = running.store.customers.create(
        first_name="Mali", tags=tuple(f"tag {number}" for number in range(250))
    )

    answer = running.data(TAG, id=customer.gid, add=["Gold"], remove=[])

    assert answer["tagsAdd"]["userErrors"][0]["field"] == ["tags"]


def test_a_segment_has_a_name_of_its_own(running, gold):
    answer = running.data(SEGMENT, name="Gold", query=GOLD)["segmentCreate"]

    assert answer["segment"] is None
    assert answer["userErrors"] == [{"field": ["name"]}]


def test_a_query_that_the_store_cannot_find_is_refused(running):
    answer = running.data(SEGMENT, name="Gold", query="amount_spent > 5")["segmentCreate"]

    assert answer["userErrors"] == [{"field": ["query"]}]


def test_a_segment_is_found_by_name_and_deleted_unless_a_discount_is_for_it(running, gold):
    running.data(SHIPPING, given=given(gold))
    find = "query Q($query: String!) { segments(first: 5, query: $query) { nodes { id } } }"
    delete = (
        "mutation M($id: ID!) { segmentDelete(id: $id) { deletedSegmentId userErrors { field } } }"
    )

    assert running.data(find, query="name:'Gold'")["segments"]["nodes"] == [{"id": gold}]
    assert running.data(delete, id=gold)["segmentDelete"]["deletedSegmentId"] is None

    running.store.discounts.automatic.delete(running.store.discounts.automatic.all()[0].id)
    assert running.data(delete, id=gold)["segmentDelete"]["deletedSegmentId"] == gold


def test_only_customers_of_the_segment_get_free_shipping(running, gold):
    running.data(SHIPPING, given=given(gold))
    customers = running.store.customers
    somebody = customers.create(first_name="Ped")
    member = customers.create(first_name="Mali", tags=("Regulars-Gold",))

    assert evaluated(running, somebody).automatic is None
    assert evaluated(running, member).total_minor == evaluated(running, member).subtotal_minor

    customers.update(member.id, tags=())
    assert evaluated(running, member).automatic is None


def test_an_order_names_the_automatic_discount_after_its_codes(running, gold):
    running.data(SHIPPING, given=given(gold))
    member = running.store.customers.create(first_name="Mali", tags=("regulars-gold",))

    order = running.order(member, shipping=Shipping("Standard", 4000))
    payload = json.loads(running.store.events._payloads("orders/create", order))

    assert order.shipping_minor == 0
    assert payload["discount_codes"] == []
    assert payload["discount_applications"][0]["type"] == "automatic"
    allocation = payload["shipping_lines"][0]["discount_allocations"][0]
    assert allocation["discount_application_index"] == 0


@pytest.mark.parametrize(
    ("amount_minor", "shipping_too", "applied"),
    [(5000, True, (True, True)), (5000, False, (True, False)), (1000, False, (False, True))],
)
def test_a_code_that_does_not_combine_stands_if_it_takes_off_more(
    running, gold, amount_minor, shipping_too, applied
):
    running.data(SHIPPING, given=given(gold))
    member = running.store.customers.create(first_name="Mali", tags=("regulars-gold",))
    running.store.discounts.create(
        lambda discount_id, now: Discount(
            id=discount_id,
            kind="basic",
            title="Off",
            code="OFF",
            starts_at=now,
            ends_at=None,
            created_at=now,
            updated_at=now,
            amount_minor=amount_minor,
            combines_with=CombinesWith(shipping=shipping_too),
        )
    )

    cart = evaluated(running, member, "OFF")

    assert (bool(cart.applied), cart.automatic is not None) == applied


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"title": ""}, "BLANK"),
        ({"startsAt": None}, "BLANK"),
        ({"context": {"customerSegments": {"add": []}}}, "BLANK"),
        ({"context": {"customerSegments": {"add": ["gid://shopify/Segment/1"]}}}, "INVALID"),
        (
            {"combinesWith": {"shippingDiscounts": True}},
            "INVALID_COMBINES_WITH_FOR_DISCOUNT_CLASS",
        ),
    ],
)
def test_automatic_free_shipping_that_shopify_refuses_is_refused(running, gold, change, code):
    answer = running.data(SHIPPING, given=given(gold) | change)

    errors = answer["discountAutomaticFreeShippingCreate"]["userErrors"]
    assert [error["code"] for error in errors] == [code]


def test_25_automatic_discounts_are_active_at_most(running, gold):
    answers = [running.data(SHIPPING, given=given(gold, title=f"No. {n}")) for n in range(26)]

    codes = [
        [error["code"] for error in answer["discountAutomaticFreeShippingCreate"]["userErrors"]]
        for answer in answers
    ]
    assert codes == [[]] * 25 + [["ACTIVE_PERIOD_OVERLAP"]]
