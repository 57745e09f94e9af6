"""Bulk operations: refused as Shopify refuses them, run in the background, left as a file."""

import time

import orjson
import pytest
import requests

from devstore.store import CartLine

RUN = """mutation($query: String!) { bulkOperationRunQuery(query: $query) {
  bulkOperation { id status url } userErrors { code message } } }"""
POLL = """query($id: ID!) { bulkOperation(id: $id) {
  status errorCode url partialDataUrl objectCount rootObjectCount completedAt fileSize } }"""
ORDERS = """{ orders { edges { node { id name customer { id }
  lineItems { edges { node { id quantity } } } } } } }"""


@pytest.fixture
def orders(running):
    variant = running.store.products.all()[0].variants[0].id
    customer = running.store.customers.create(first_name="Mali", email="mali@example.com")
    return [
        running.store.orders.place(customer.id, [CartLine(variant, 1 + number)])
        for number in range(3)
    ]


def weather(running, **changes):
    requests.post(f"{running.origin}/admin/bulk", json=changes, timeout=60).raise_for_status()


def run(running, query=ORDERS):
    return running.ask(RUN, query=query).json()["data"]["bulkOperationRunQuery"]


def ended(running, gid):
    for _ in range(1_500):
        found = running.ask(POLL, id=gid).json()["data"]["bulkOperation"]
        if found["status"] in ("COMPLETED", "FAILED", "CANCELED"):
            return found
        time.sleep(0.02)
    raise AssertionError(found)


def lines(url):
    return [orjson.loads(line) for line in requests.get(url, timeout=60).content.splitlines()]


def test_a_query_leaves_a_file_with_parents_named(running, orders):
    begun = run(running)["bulkOperation"]
    found = ended(running, begun["id"])

    told = lines(found["url"])
    roots = [line for line in told if "__parentId" not in line]
    children = [line for line in told if "__parentId" in line]
    assert begun["status"] == "CREATED"
    assert found["status"] == "COMPLETED"
    assert (found["rootObjectCount"], found["objectCount"]) == ("3", "6")
    assert [line["name"] for line in roots] == [order.name for order in reversed(orders)] or [
        line["name"] for line in roots
    ] == [order.name for order in orders]
    assert {line["__parentId"] for line in children} == {order.gid for order in orders}


def test_a_file_can_be_read_from_a_place_on(running, orders):
    found = ended(running, run(running)["bulkOperation"]["id"])

    rest = requests.get(found["url"], headers={"Range": "bytes=10-"}, timeout=60)

    assert rest.status_code == 206
    assert len(rest.content) == int(found["fileSize"]) - 10


def test_its_end_is_announced(running, orders):
    begun = run(running)["bulkOperation"]
    ended(running, begun["id"])

    running.services.sender.start()
    deadline = time.monotonic() + 30
    topics = []
    while "bulk_operations/finish" not in topics and time.monotonic() < deadline:
        topics = [each.topic for each in running.services.sender.deliveries.all(50, 0)]
        time.sleep(0.05)
    running.services.sender.stop()
    assert "bulk_operations/finish" in topics or not running.store.config.topics.get(
        "bulk_operations/finish"
    )


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ("{ shop { name } }", "at least one connection"),
        ("{ nodes(ids: []) { id } }", "node and nodes"),
        ("{ orders { edges { node { name lineItems { edges { node { id } } } } } } }", "'id'"),
        (
            "{ orders { edges { node { id refunds {"
            " refundLineItems { edges { node { quantity } } } } } } } }",
            "within a list field",
        ),
        ("{ orders { edges { node { id nonsense } } } }", "Invalid bulk query"),
    ],
)
def test_what_shopify_refuses_is_refused(running, query, says):
    answer = run(running, query)

    [error] = answer["userErrors"]
    assert answer["bulkOperation"] is None
    assert error["code"] == "INVALID"
    assert says in error["message"]


def test_a_failure_leaves_what_was_there_until_then(running, orders):
    weather(running, fail_after_pages=0, error_code="TIMEOUT")

    found = ended(running, run(running)["bulkOperation"]["id"])

    assert (found["status"], found["errorCode"], found["url"]) == ("FAILED", "TIMEOUT", None)
    assert found["completedAt"] is None


def test_a_slow_operation_can_be_cancelled(running, orders):
    weather(running, seconds_a_page=30)
    gid = run(running)["bulkOperation"]["id"]

    cancel = "mutation($id: ID!) { bulkOperationCancel(id: $id) { bulkOperation { status } } }"
    answer = running.ask(cancel, id=gid).json()["data"]["bulkOperationCancel"]

    assert answer["bulkOperation"]["status"] in ("CANCELING", "CANCELED")
    assert ended(running, gid)["status"] == "CANCELED"


def test_no_more_than_five_run_at_once(running, orders):
    weather(running, seconds_a_page=30)
    begun = [run(running)["bulkOperation"] for _ in range(5)]

    refused = run(running)

    assert all(begun)
    assert refused["userErrors"][0]["code"] == "LIMIT_REACHED"


def test_an_empty_result_has_no_file(running):
    found = ended(running, run(running)["bulkOperation"]["id"])

    assert (found["status"], found["url"], found["rootObjectCount"]) == ("COMPLETED", None, "0")


def test_a_wrong_address_gives_nothing(running, orders):
    url = ended(running, run(running)["bulkOperation"]["id"])["url"]

    assert requests.get(url.replace(".jsonl", "x.jsonl"), timeout=60).status_code == 403
