"""A shop's page with the widget in it, its cart, and an app behind the proxy that does as told."""

import copy
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from html import escape
from pathlib import Path
from threading import Event
from typing import Any

from flask import Flask, Response, jsonify, request

from devstore.storefront.liquid_environment import liquid_environment
from devstore.storefront.liquid_source import split_source
from tests.extensions.gates import GATE_SECONDS_MAX, open_gate
from tests.extensions.serving import serving

EXTENSION = Path(__file__).parents[2] / "extensions" / "points-widget"

SETTINGS = {
    "colour": "#1f5f4a",
    "on_colour": "#ffffff",
    "corner": "right",
    "icon": "🌸",
    "points_name": {
        "en": {"one": "petal", "other": "petals"},
        "th": {"one": "กลีบ", "other": "กลีบ"},
    },
    "currency": "THB",
    "program_name": "Petals Club",
    "signed_out": {
        "en": {
            "headline": "Every ฿25 earns a petal",
            "sub": "Join and start with 50 petals",
            "steps": [
                "Shop as always. Petals come with every order.",
                "100 petals take ฿125 off. No codes to type.",
                "Climb to Gold for more petals.",
            ],
        },
        "th": {
            "headline": "ทุก ฿25 ได้ 1 กลีบ",
            "sub": "สมัครแล้วรับทันที 50 กลีบ",
            "steps": [
                "ช้อปตามปกติ ได้กลีบทุกคำสั่งซื้อ",
                "100 กลีบแลกส่วนลด ฿125 ไม่ต้องพิมพ์โค้ด",
                "ขึ้นระดับโกลด์ รับกลีบมากขึ้น",
            ],
        },
    },
}
STATE = {
    "pending": 300,
    "owed": 0,
    "tier": {"name": "Silver", "next": "Gold", "percent": 68, "remaining_minor": 32000},
    "next_expiry": {"points": 200, "on": "2026-12-31"},
    "reckoned_at": "2026-11-22T10:00:00Z",
}
PANEL: dict[str, dict[str, Any]] = {
    "en": {
        "signed_in": True,
        "points_name": {"one": "petal", "other": "petals"},
        "balance": {
            "available": 1240,
            "text": "1,240",
            "unit": "petals",
            "pending": 300,
            "owed": 0,
            "notes": ["300 more on 6 Dec", "200 expire on 31 Dec"],
        },
        "tier": {
            "name": "Silver",
            "next": "Gold",
            "percent": 68,
            "remaining": "฿320 to Gold",
            "detail": "1.5 petals for each ฿25",
        },
        "rewards": [
            {
                "id": "3",
                "title": "฿50 off",
                "detail": "500 petals · orders over ฿300",
                "icon": "tag",
                "state": "available",
                "reason": None,
            },
            {
                "id": "4",
                "title": "Free shipping",
                "detail": "800 petals",
                "icon": "truck",
                "state": "available",
                "reason": None,
            },
            {
                "id": "5",
                "title": "Jasmine soap",
                "detail": "1,500 petals",
                "icon": "gift",
                "state": "short",
                "reason": "260 to go",
            },
            {
                "id": "6",
                "title": "10% off",
                "detail": "Gold only",
                "icon": "percent",
                "state": "locked",
                "reason": "at Gold",
            },
        ],
        "earn": [
            {"title": "Shop as always", "detail": "1 petal for every ฿25"},
            {"title": "Join the club", "detail": "50 petals, once"},
        ],
        "redemptions": [],
        "history": [
            {
                "title": "Order #1043",
                "date": "22 Nov",
                "note": "usable from 6 Dec",
                "points": "+300",
                "sign": "plus",
                "receipt": [
                    {"text": "Jasmine tea × 2 · ฿240", "points": "+300"},
                    {"text": "Soap · returned", "points": "0"},
                ],
                "receipt_notes": ["฿240 at 1 petal for every ฿1, times 1.25 in Silver."],
            },
            {
                "title": "฿100 off",
                "date": "20 Nov",
                "note": "used on order #1042",
                "points": "−1,000",
                "sign": "minus",
                "receipt": [],
            },
            {
                "title": "Joined the club",
                "date": "2 Nov",
                "note": None,
                "points": "+50",
                "sign": "plus",
                "receipt": [],
            },
        ],
        "history_older": None,
    },
}
PANEL["th"] = copy.deepcopy(PANEL["en"]) | {
    "points_name": {"one": "กลีบ", "other": "กลีบ"},
    "balance": {
        "available": 1240,
        "text": "1,240",
        "unit": "กลีบ",
        "pending": 300,
        "owed": 0,
        "notes": ["จะได้เพิ่มอีก 300 ในวันที่ 6 ธ.ค.", "200 หมดอายุ 31 ธ.ค."],
    },
    "tier": {
        "name": "ซิลเวอร์",
        "next": "โกลด์",
        "percent": 68,
        "remaining": "อีก ฿320 ถึงระดับโกลด์",
        "detail": "รับ 1.5 กลีบทุก ฿25",
    },
}
THAI_REWARDS = [
    ("ส่วนลด ฿50", "500 กลีบ · เมื่อซื้อครบ ฿300", None),
    ("ส่งฟรี", "800 กลีบ", None),
    ("สบู่มะลิ", "1,500 กลีบ", "อีก 260 กลีบ"),
    ("ลด 10%", "เฉพาะระดับโกลด์", "เมื่อถึงโกลด์"),
]
for reward, (title, detail, reason) in zip(PANEL["th"]["rewards"], THAI_REWARDS, strict=True):
    reward.update(title=title, detail=detail, reason=reason)
for entry, (title, date, note) in zip(
    PANEL["th"]["history"],
    [
        ("คำสั่งซื้อ #1043", "22 พ.ย.", "ใช้ได้ตั้งแต่ 6 ธ.ค."),
        ("แลกส่วนลด ฿100", "20 พ.ย.", "ใช้กับคำสั่งซื้อ #1042"),
        ("สมัครสมาชิก", "2 พ.ย.", None),
    ],
    strict=True,
):
    entry.update(title=title, date=date, note=note)
PANEL["th"]["history"][0]["receipt"] = [
    {"text": "ชาดอกไม้ × 2 · ฿240", "points": "+300"},
    {"text": "สบู่ · คืนสินค้าแล้ว", "points": "0"},
]
PANEL["th"]["history"][0]["receipt_notes"] = ["฿240 คิดเป็น 1 กลีบทุก ฿1 คูณ 1.25 ในระดับซิลเวอร์"]

PAGE = """<!doctype html>
<html lang="{lang}" dir="{dir}">
<head>
<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Baan Cha</title>
<style>
  body {{ margin: 0; font: 16px/1.6 "Noto Sans", "Noto Sans Thai", sans-serif; letter-spacing: .06rem;
    background: {background}; color: {ink}; }}
  /* What themes do to every element of a page must not reach the widget. */
  button {{ text-transform: uppercase; border-radius: 0; }}
  a {{ color: inherit; }}
  main {{ max-width: 60rem; margin: 0 auto; padding: 2rem; min-height: 150vh; }}
</style>
<script>
  window.shifts = [];
  new PerformanceObserver((list) => {{
    for (const {{ value, sources }} of list.getEntries())
      window.shifts.push(`${{value}} ${{sources.map(({{ node, previousRect, currentRect }}) =>
        [node?.className ?? node, JSON.stringify(previousRect), JSON.stringify(currentRect)])}}`);
  }}).observe({{ type: 'layout-shift', buffered: true }});
  {script}
</script>
</head>
<body>
<main><h1>Baan Cha</h1><p>Teas and soaps from the north.</p><a href="/cart">Cart</a></main>
{widget}
</body>
</html>"""

THEME_ACTION = """
  window.actionCalls = [];
  window.Shopify = { actions: { updateCart: async ({ discountCodes }) => {
    window.actionCalls.push(discountCodes);
    const response = await fetch('/cart/update.js', { method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ discount: discountCodes.join(',') }) });
    const cart = await response.json();
    return { cart: { totalQuantity: cart.item_count, discountCodes: cart.discount_codes } };
  } } };
"""


@dataclass
class Shop:
    """What the page, the cart and the app do; tests change it between steps."""

    url: str = ""
    signed_in: bool = True
    first_name: str | None = "Mali"
    points: int = 1240
    dark: bool = False
    direction: str = "ltr"
    theme_action: bool = False
    items: int = 2
    subtotal: int = 48000
    """In hundredths, as the cart's own endpoint tells it."""
    variants: list[int] = field(default_factory=lambda: [11, 12])
    codes: list[str] = field(default_factory=list)
    not_applicable: set[str] = field(default_factory=set)
    panel: dict[str, dict[str, Any]] = field(default_factory=lambda: copy.deepcopy(PANEL))
    older: dict[str, dict[str, Any]] = field(default_factory=dict)
    """The pages of the history, by what they are before."""
    panel_status: int = 200
    panel_seconds: float = 0
    panel_gate: Event = field(default_factory=open_gate)
    """Closed, the app does not answer for its panel until it is opened."""
    redeem_seconds: float = 0
    redeem_gate: Event = field(default_factory=open_gate)
    """Closed, redeeming is not answered until it is opened."""
    redeem_failures: list[tuple[int, str, str]] = field(default_factory=list)
    held_polls: int = 0
    held_ends: str = "ready"
    poll_gate: Event = field(default_factory=open_gate)
    """Closed, the app does not answer how a redemption stands until it is opened."""
    obtained: dict[str, Any] = field(default_factory=dict)
    """What a redemption is once it was made, where it is not a code for the cart."""
    undo_is_slow: bool = False
    """Shopify never confirms that a code is gone."""
    requests: list[str] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)
    by_key: dict[str, dict[str, Any]] = field(default_factory=dict)
    links: list[str] = field(default_factory=list)

    def proxied(self) -> list[str]:
        """Return what was asked of the app, without queries."""
        return [line.split("?")[0] for line in self.requests if "/apps/regulars/" in line]


@contextmanager
def served(shop: Shop) -> Iterator[Shop]:
    """Serve `shop` on a free port."""
    with serving(_application(shop)) as shop.url:
        yield shop


def _application(shop: Shop) -> Flask:
    app = Flask(__name__, static_folder=None)

    @app.before_request
    def note_request() -> None:
        shop.requests.append(f"{request.method} {request.full_path.rstrip('?')}")

    @app.get("/")
    @app.get("/cart")
    def page() -> str:
        locale = request.args.get("locale", "en")
        return PAGE.format(
            lang=locale,
            dir=shop.direction,
            background="#14110f" if shop.dark else "#faf7f2",
            ink="#f5efe6" if shop.dark else "#2a2522",
            script=THEME_ACTION if shop.theme_action else "",
            widget=render_widget(shop, locale),
        )

    @app.get("/assets/<name>")
    def asset(name: str) -> Response:
        kind = "text/javascript" if name.endswith(".js") else "text/css"
        return Response((EXTENSION / "assets" / name).read_bytes(), mimetype=kind)

    _serve_cart(app, shop)
    _serve_proxy(app, shop)
    return app


def render_widget(shop: Shop, locale: str) -> str:
    """Return the app embed's HTML, as Shopify would put it at the end of the page's body."""
    env = liquid_environment(EXTENSION, lambda name: f"/assets/{name}")
    block = split_source((EXTENSION / "blocks/rewards.liquid").read_text(encoding="utf-8"))
    customer = {
        "first_name": shop.first_name,
        "metafields": {"$app": {"points": {"value": shop.points}, "state": {"value": STATE}}},
    }
    return env.from_string(block.liquid).render(
        app={"metafields": {"widget": {"settings": {"value": SETTINGS}}}},
        block={"settings": {"hide_on_phones": False}},
        cart={
            "item_count": shop.items,
            "items_subtotal_price": shop.subtotal,
            "currency": {"iso_code": "THB"},
        },
        customer=customer if shop.signed_in else None,
        request={"locale": {"iso_code": locale}},
        routes={
            "root_url": "/",
            "account_login_url": "/account/login",
            "account_register_url": "/account/register",
        },
    )


def _serve_cart(app: Flask, shop: Shop) -> None:
    def cart() -> Response:
        return jsonify(
            item_count=shop.items,
            items=[{"variant_id": number} for number in shop.variants],
            items_subtotal_price=shop.subtotal,
            currency="THB",
            discount_codes=[
                {"code": code, "applicable": code not in shop.not_applicable} for code in shop.codes
            ],
        )

    @app.get("/cart.js")
    def read_cart() -> Response:
        return cart()

    @app.post("/cart/add.js")
    def add_to_cart() -> Response:
        shop.variants += [item["id"] for item in request.get_json()["items"]]
        shop.items = max(shop.items, len(shop.variants))
        return jsonify(items=[])

    @app.post("/cart/update.js")
    def update_cart() -> Response:
        # As on Shopify: what is sent replaces all codes that were there.
        shop.codes = [code for code in request.get_json()["discount"].split(",") if code]
        return cart()

    @app.get("/discount/<code>")
    def discount_link(code: str) -> tuple[str, int, dict[str, str]]:
        shop.links.append(code)
        return "", 302, {"Location": request.args["redirect"]}


def _serve_proxy(app: Flask, shop: Shop) -> None:
    @app.get("/apps/regulars/panel")
    def panel() -> tuple[Response, int]:
        time.sleep(shop.panel_seconds)
        shop.panel_gate.wait(GATE_SECONDS_MAX)
        if shop.panel_status != 200:
            return _error("unavailable", "The shop is resting for a moment."), shop.panel_status
        return jsonify(shop.panel[request.args["locale"]]), 200

    @app.get("/apps/regulars/history")
    def history() -> Response:
        return jsonify(shop.older[request.args["before"]])

    @app.post("/apps/regulars/redeem")
    def redeem() -> tuple[Response, int]:
        time.sleep(shop.redeem_seconds)
        shop.redeem_gate.wait(GATE_SECONDS_MAX)
        shop.keys.append(request.args["key"])
        if shop.redeem_failures:
            status, code, text = shop.redeem_failures.pop(0)
            return _error(code, text), status
        redemption = shop.by_key.get(request.args["key"]) or _redemption(shop)
        shop.by_key[request.args["key"]] = redemption
        status = 202 if redemption["state"] == "held" else 200
        balance = shop.panel[request.args["locale"]]["balance"]
        return jsonify(redemption=redemption, balance=balance), status

    @app.get("/apps/regulars/redemption")
    def redemption() -> Response:
        shop.poll_gate.wait(GATE_SECONDS_MAX)
        found = _find(shop, request.args["id"])
        if shop.undo_is_slow:
            return jsonify(redemption=found)
        shop.held_polls -= 1
        if shop.held_polls <= 0 and shop.held_ends == "ready":
            found |= _obtained(shop)
        elif shop.held_polls <= 0:
            _give_back(shop, found)
            found |= {"text": f"{found['title']} was given back"}
        return jsonify(redemption=found)

    @app.post("/apps/regulars/undo")
    def undo() -> Response:
        found = _find(shop, request.args["redemption"])
        if shop.undo_is_slow:
            found |= {"waits": True, "undo": False, "cart": False}
            found |= {"text": "Your petals are being returned"}
        else:
            _give_back(shop, found)
            found |= {"text": "Your petals are back"}
        balance = shop.panel[request.args["locale"]]["balance"]
        return jsonify(redemption=found, balance=balance)


def _redemption(shop: Shop) -> dict[str, Any]:
    reward_id = request.args["reward"]
    rewards = shop.panel[request.args["locale"]]["rewards"]
    title = next(reward["title"] for reward in rewards if reward["id"] == reward_id)
    made = {
        "id": str(len(shop.by_key) + 1),
        "title": title,
        "expires": "until 22 Dec",
        "open": True,
        "undo": True,
    }
    if shop.held_polls:
        made |= {"state": "held", "waits": True, "cart": False, "text": "Getting your reward…"}
    else:
        made |= _obtained(shop)
    for panel in shop.panel.values():
        if made["open"]:
            panel["redemptions"].insert(0, made)
        panel["balance"] |= {"available": 740, "text": "740"}
    return made


def _obtained(shop: Shop) -> dict[str, Any]:
    """Return what a redemption is once it was made: a code for the cart, or as the test has it."""
    code = {"code": "RG-7K2M9QXD", "cart": True, "text": "Ready for your cart"}
    return {"state": "ready", "waits": False} | (shop.obtained or code)


def _give_back(shop: Shop, redemption: dict[str, Any]) -> None:
    redemption |= {"state": "released", "open": False, "waits": False, "undo": False, "cart": False}
    for panel in shop.panel.values():
        panel["redemptions"].remove(redemption)
        panel["balance"] |= {"available": 1240, "text": "1,240"}


def _find(shop: Shop, redemption_id: str) -> dict[str, Any]:
    redemptions = shop.panel[request.args["locale"]]["redemptions"]
    return next(each for each in redemptions if each["id"] == redemption_id)


def _error(code: str, text: str) -> Response:
    return jsonify(error={"code": code, "text": escape(text)})
