"""Signed order webhooks of the size that Shopify sends (9 to 13 kB), written once for wrk."""

import base64
import hmac
import json
import random
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import Any

DOMAIN = "example.myshopify.com"
SECRET = "hush-hush"  # noqa: S105 - the one that the peers were written with
FIRST_ORDER_ID = 5_000_000_000_000
FIRST_CUSTOMER_ID = 7_000_000_000_000


def bodies(count: int, *, customers: int | None = 100_000, seed: int = 1) -> Iterator[bytes]:
    """Yield `count` paid orders of two to four lines, of `customers`, or each of its own (None)."""
    random_ = random.Random(seed)
    for number in range(count):
        customer_id = FIRST_CUSTOMER_ID + (random_.randrange(customers) if customers else number)
        order = _order(random_, FIRST_ORDER_ID + number, customer_id)
        yield json.dumps(order, separators=(",", ":")).encode()


def sign(body: bytes, secret: str = SECRET) -> bytes:
    """Return the signature that Shopify sends, base64."""
    return base64.b64encode(hmac.digest(secret.encode(), body, "sha256"))


def write(path: Path, count: int = 2_000) -> Path:
    """Write `count` signed bodies as webhooks.lua reads them: length, signature, body."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        for body in bodies(count):
            file.write(struct.pack("<I", len(body)) + sign(body) + body)
    return path


def _money(amount: float) -> dict[str, Any]:
    money = {"amount": f"{amount:.2f}", "currency_code": "USD"}
    return {"shop_money": money, "presentment_money": dict(money)}


def _address(random_: random.Random) -> dict[str, Any]:
    return {
        "first_name": "Steve",
        "last_name": "Shipper",
        "name": "Steve Shipper",
        "company": "Shipping Company",
        "address1": "123 Shipping Street",
        "address2": None,
        "city": "Shippington",
        "zip": "K2P0S0",
        "province": "Kentucky",
        "province_code": "KY",
        "country": "United States",
        "country_code": "US",
        "phone": f"+1 555-0{random_.randrange(1000):03d}",
        "latitude": 45.41634,
        "longitude": -75.6868,
    }


def _tax_lines(amount: float) -> list[dict[str, Any]]:
    price = amount * 0.08
    return [
        {
            "channel_liable": False,
            "price": f"{price:.2f}",
            "price_set": _money(price),
            "rate": 0.08,
            "title": "State Tax",
        }
    ]


def _line(random_: random.Random, number: int) -> dict[str, Any]:
    price = round(random_.uniform(5, 200), 2)
    quantity = 1 + random_.randrange(3)
    line_id = random_.randrange(10**12, 10**13)
    return {
        "id": line_id,
        "admin_graphql_api_id": f"gid://shopify/LineItem/{line_id}",
        "attributed_staffs": [{"id": "gid://shopify/StaffMember/902541635", "quantity": 1}],
        "current_quantity": quantity,
        "fulfillable_quantity": quantity,
        "fulfillment_service": "manual",
        "fulfillment_status": None,
        "gift_card": False,
        "grams": random_.randrange(50, 3000),
        "name": f"Organic Cotton Tee - Colour {number} / M",
        "price": f"{price:.2f}",
        "price_set": _money(price),
        "product_exists": True,
        "product_id": random_.randrange(10**12, 10**13),
        "properties": [{"name": "engraving", "value": "for Anna"}],
        "quantity": quantity,
        "requires_shipping": True,
        "sales_line_item_group_id": None,
        "sku": f"OCT-{number:04d}-M",
        "taxable": True,
        "title": "Organic Cotton Tee",
        "total_discount": "0.00",
        "total_discount_set": _money(0),
        "variant_id": random_.randrange(10**13, 10**14),
        "variant_inventory_management": "shopify",
        "variant_title": f"Colour {number} / M",
        "vendor": "Acme",
        "tax_lines": _tax_lines(price * quantity),
        "duties": [],
        "discount_allocations": [
            {"amount": "1.00", "amount_set": _money(1), "discount_application_index": 0}
        ],
    }


def _totals(subtotal: float) -> dict[str, Any]:
    tax, total = subtotal * 0.08, subtotal * 1.08 + 10
    told: dict[str, Any] = {}
    for prefix in ("", "current_"):
        for name, amount in (
            ("subtotal_price", subtotal),
            ("total_price", total),
            ("total_tax", tax),
            ("total_discounts", 5.0),
        ):
            told[prefix + name] = f"{amount:.2f}"
            told[f"{prefix}{name}_set"] = _money(amount)
    for name in (
        "total_line_items_price_set",
        "total_shipping_price_set",
        "current_shipping_price_set",
        "total_cash_rounding_payment_adjustment_set",
        "total_cash_rounding_refund_adjustment_set",
    ):
        told[name] = _money(subtotal)
    return told


def _customer(random_: random.Random, customer_id: int, at: str) -> dict[str, Any]:
    return {
        "id": customer_id,
        "admin_graphql_api_id": f"gid://shopify/Customer/{customer_id}",
        "email": f"c{customer_id}@example.com",
        "first_name": "Steve",
        "last_name": "Shipper",
        "created_at": "2024-01-01T00:00:00-05:00",
        "updated_at": at,
        "state": "enabled",
        "note": None,
        "verified_email": True,
        "multipass_identifier": None,
        "tax_exempt": False,
        "tax_exemptions": [],
        "phone": None,
        "currency": "USD",
        "default_address": {"id": customer_id + 1, "customer_id": customer_id}
        | _address(random_)
        | {"country_name": "United States", "default": True},
    }


def _order(random_: random.Random, order_id: int, customer_id: int) -> dict[str, Any]:
    at = "2026-11-20T16:09:54-05:00"
    lines = [_line(random_, number) for number in range(random_.choice((2, 2, 3, 3, 4)))]
    subtotal = sum(float(line["price"]) * line["quantity"] - 1 for line in lines)
    return {
        "id": order_id,
        "admin_graphql_api_id": f"gid://shopify/Order/{order_id}",
        "app_id": 580111,
        "browser_ip": "203.0.113.7",
        "buyer_accepts_marketing": True,
        "cancel_reason": None,
        "cancelled_at": None,
        "cart_token": "c1-7a2f6e8b90aa4f9bb7d8",
        "checkout_id": order_id + 7,
        "checkout_token": "bd5a8aa1ecd019dd3520ff791ee3a24c",
        "client_details": {
            "accept_language": "en-US",
            "browser_height": None,
            "browser_width": None,
            "browser_ip": "203.0.113.7",
            "session_hash": None,
            "user_agent": "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit",
        },
        "closed_at": None,
        "company": None,
        "confirmation_number": f"QK2T{order_id % 100000:05d}",
        "confirmed": True,
        "contact_email": f"c{customer_id}@example.com",
        "created_at": at,
        "currency": "USD",
        "customer_locale": "en",
        "device_id": None,
        "discount_codes": [{"code": "SPRING-5", "amount": "5.00", "type": "fixed_amount"}],
        "duties_included": False,
        "email": f"c{customer_id}@example.com",
        "estimated_taxes": False,
        "financial_status": "paid",
        "fulfillment_status": None,
        "landing_site": "/collections/tees?utm_source=newsletter",
        "name": f"#{order_id % 1_000_000}",
        "note": None,
        "note_attributes": [],
        "order_number": order_id % 1_000_000,
        "order_status_url": f"https://{DOMAIN}/548380009/orders/{order_id:x}/authenticate?key=c",
        "payment_gateway_names": ["shopify_payments"],
        "presentment_currency": "USD",
        "processed_at": at,
        "referring_site": "https://www.example.com/",
        "source_name": "web",
        "tags": "loyalty, vip",
        "tax_exempt": False,
        "tax_lines": _tax_lines(subtotal),
        "taxes_included": False,
        "test": False,
        "token": "b1946ac92492d2347c6235b4d2611184",
        "total_outstanding": "0.00",
        "total_weight": 1200,
        "updated_at": at,
        "user_id": None,
        "billing_address": _address(random_),
        "shipping_address": _address(random_),
        "customer": _customer(random_, customer_id, at),
        "discount_applications": [
            {
                "target_type": "line_item",
                "type": "discount_code",
                "value": "5.0",
                "value_type": "fixed_amount",
                "allocation_method": "across",
                "target_selection": "all",
                "code": "SPRING-5",
            }
        ],
        "fulfillments": [],
        "line_items": lines,
        "payment_terms": None,
        "refunds": [],
        "shipping_lines": [
            {
                "id": order_id + 9,
                "carrier_identifier": None,
                "code": "Standard",
                "discounted_price": "10.00",
                "discounted_price_set": _money(10),
                "current_discounted_price_set": _money(10),
                "is_removed": False,
                "price": "10.00",
                "price_set": _money(10),
                "source": "shopify",
                "title": "Standard",
                "tax_lines": [],
                "discount_allocations": [],
            }
        ],
    } | _totals(subtotal)
