"""How bodies are read: of orders no more than the rules look at, and all that they look at."""

import orjson
import pytest

from app.shopify.order_payload import snapshot_from_payload
from tests.fixtures.webhooks import NOW, order_payload
from webhooks.payloads import NO_JSON, read_payload

TOPIC = "orders/paid"
MONEY = {"shop_money": {"amount": "3.00", "currency_code": "USD"}}
LINE = {
    "id": 1,
    "product_id": 7,
    "title": "Tea",
    "quantity": 3,
    "current_quantity": 2,
    "price": "10.00",
    "gift_card": False,
    "discount_allocations": [{"amount": "1.00", "amount_set": MONEY}],
    "tax_lines": [{"price": "0.70", "rate": 0.07}],
    "duties": [{"price_set": MONEY, "harmonized_system_code": "0902"}],
    "properties": [{"name": "wrapped", "value": "yes"}],
}
SHIPPING = {"price": "5.00", "discounted_price": "4.00", "tax_lines": [{"price": "0.28"}]}
REFUND = {
    "id": 9,
    "created_at": NOW.isoformat(),
    "refund_line_items": [{"line_item_id": 1, "quantity": 1, "line_item": LINE}],
    "order_adjustments": [{"kind": "refund_discrepancy", "amount_set": MONEY}],
    "refund_shipping_lines": [{"subtotal_amount_set": MONEY, "tax_amount_set": MONEY}],
}
RICH = order_payload(
    line_items=[
        LINE,
        LINE | {"id": 2, "gift_card": True, "current_quantity": None},
        LINE | {"id": 3, "tip_payment_gateway": None},
        LINE | {"id": 4, "tip": {"amount": "1.00"}},
    ],
    shipping_lines=[SHIPPING, SHIPPING | {"is_removed": True}],
    refunds=[REFUND],
    discount_codes=[{"code": "WELCOME", "amount": "1.00", "type": "fixed_amount"}],
    duties_included=True,
    taxes_included=True,
    test=True,
    cancelled_at=NOW.isoformat(),
    fulfillment_status="fulfilled",
    total_outstanding="3.00",
    note="Please ring twice.",
)


class Noting(dict):
    """Tells which fields are looked at, in itself and in what it holds."""

    def __init__(self, values, noted, place=""):
        super().__init__({name: self._held(value, noted, place, name) for name, value in values})
        self._noted, self._place = noted, place

    @staticmethod
    def _held(value, noted, place, name):
        if isinstance(value, dict):
            return Noting(value.items(), noted, f"{place}{name}.")
        if isinstance(value, list):
            return [Noting._held(each, noted, place, name) for each in value]
        return value

    def __getitem__(self, name):
        self._noted.add(self._place + name)
        return super().__getitem__(name)

    def get(self, name, default=None):
        self._noted.add(self._place + name)
        return super().get(name, default)

    def __contains__(self, name):
        self._noted.add(self._place + name)
        return super().__contains__(name)


def _paths(values, place=""):
    for name, value in values.items():
        yield place + name
        for each in value if isinstance(value, list) else [value]:
            if isinstance(each, dict):
                yield from _paths(each, f"{place}{name}.")


def test_an_order_read_in_part_is_the_order_read_whole():
    body = orjson.dumps(RICH)

    read = read_payload(TOPIC, body)

    assert "note" not in read
    assert "properties" not in read["line_items"][0]
    assert snapshot_from_payload(read) == snapshot_from_payload(RICH)


def test_every_field_that_is_looked_at_is_read():
    looked_at: set[str] = set()

    snapshot_from_payload(Noting(RICH.items(), looked_at))

    told = set(_paths(RICH))
    assert looked_at & told <= set(_paths(read_payload(TOPIC, orjson.dumps(RICH))))
    assert "refunds.refund_line_items.line_item_id" in looked_at & told


def test_an_order_of_another_shape_is_read_whole():
    body = orjson.dumps(order_payload(customer=None) | {"customer": "Mali", "note": "x"})

    assert read_payload(TOPIC, body)["note"] == "x"


@pytest.mark.parametrize("body", [b"", b"{not json", b'{"id": 1', b'{"id": 1} x'])
def test_what_is_no_json_is_refused(body):
    with pytest.raises(NO_JSON):
        read_payload(TOPIC, body)
