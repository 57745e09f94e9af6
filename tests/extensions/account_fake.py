"""An account page with the extension in it, run on the development store's stand-ins, and its app."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Event
from typing import Any

from flask import Flask, Response, jsonify, request

from tests.extensions.extension_page import answer, page_of, serve_stand_ins
from tests.extensions.gates import GATE_SECONDS_MAX, open_gate
from tests.extensions.serving import serving

TARGET = "customer-account.page.render"
CODE = "RG-7K2M9QXD"
START = 1_240
COST = 500

OFFERS = [
    {"id": "3", "title": "฿50 off", "detail": "500 petals", "icon": "tag", "state": "available"},
    {
        "id": "4",
        "title": "A tea of your choice",
        "detail": "500 petals",
        "icon": "gift",
        "state": "available",
        "products": [{"id": "71", "title": "Jasmine tea"}, {"id": "72", "title": "Oolong"}],
    },
    {
        "id": "5",
        "title": "Up to ฿120 off",
        "detail": "100 petals for each ฿10",
        "icon": "tag",
        "state": "available",
        "start": 1,
        "stops": [
            {"id": "100", "gain": "฿10 off", "cost": "100 of 1,240 petals"},
            {"id": "500", "gain": "฿50 off", "cost": "500 of 1,240 petals"},
        ],
    },
    {
        "id": "6",
        "title": "Tea tasting",
        "detail": "2,000 petals",
        "icon": "star",
        "state": "short",
        "reason": "760 to go",
    },
]


@dataclass
class Account:
    """What account and app do; tests change it between steps."""

    url: str = ""
    signed_in: bool = True
    panel_status: int = 200
    panel_gate: Event = field(default_factory=open_gate)
    """Closed, the app does not answer for its panel until it is opened."""
    redeem_gate: Event = field(default_factory=open_gate)
    """The same for what is asked for."""
    is_new: bool = False
    """A member to whom nothing has happened yet, in a programme without rewards."""
    shopify_away: bool = False
    """Codes are neither made nor deleted: what is asked for waits."""
    redeem_failures: list[tuple[int, str]] = field(default_factory=list)
    loses_answers: int = 0
    """The app does as it is asked, and its answer is lost."""
    undo_failures: list[tuple[int, str]] = field(default_factory=list)
    taken: dict[str, dict[str, Any]] = field(default_factory=dict)
    """Redemptions by the key that asked for them."""
    asked: list[str] = field(default_factory=list)
    redeemed: list[dict[str, Any]] = field(default_factory=list)
    tokens: set[str | None] = field(default_factory=set)

    @property
    def open(self) -> list[dict[str, Any]]:
        """Return what is held, as it stands now."""
        return [each for each in map(self.settled, self.taken.values()) if each["open"]]

    @property
    def balance(self) -> dict[str, Any]:
        """Return the balance as the app words it."""
        points = START - COST * len(self.open)
        return {"available": points, "text": f"{points:,}", "unit": "petals", "notes": []}

    def settled(self, taken: dict[str, Any]) -> dict[str, Any]:
        """Return a redemption with what Shopify has confirmed by now."""
        if not self.shopify_away and taken["state"] in SETTLES:
            taken |= SETTLES[taken["state"]]
        return taken


READY = {
    "state": "ready",
    "waits": False,
    "open": True,
    "undo": True,
    "text": "฿50 off is ready for your cart",
    "code": CODE,
    "expires": "until 23 Dec",
}
RELEASED = {
    "state": "released",
    "waits": False,
    "open": False,
    "undo": False,
    "text": "500 petals are back",
    "code": None,
}
SETTLES = {"held": READY, "releasing": RELEASED}
HELD = {"state": "held", "waits": True, "open": True, "undo": True, "text": "Getting your reward…"}
RELEASING = {
    "state": "releasing",
    "waits": True,
    "open": True,
    "undo": False,
    "text": "Giving your points back…",
    "code": None,
}


@contextmanager
def served(account: Account) -> Iterator[Account]:
    """Serve `account` on a free port."""
    with serving(_application(account)) as account.url:
        yield account


def _application(account: Account) -> Flask:
    app = Flask(__name__, static_folder=None)

    @app.before_request
    def note_request() -> None:
        if request.path.startswith("/app/"):
            account.asked.append(f"{request.method} {request.path.removeprefix('/app/account/')}")
            account.tokens.add(request.headers.get("Authorization"))

    @app.get("/")
    def page() -> str:
        locale = request.args.get("locale", "en")
        return page_of("account", locale, {"constants": _constants(), "signals": _signals(locale)})

    @app.post("/account/storefront-api")
    def storefront_api() -> Response:
        value = json.dumps({"api_url": f"{account.url}/app/"})
        return jsonify(data={"shop": {"metafield": {"value": value}}})

    serve_stand_ins(app, "account")
    _serve_panel(app, account)
    _serve_asks(app, account)
    return app


def _serve_panel(app: Flask, account: Account) -> None:
    @app.get("/app/account/panel")
    def panel() -> Response:
        account.panel_gate.wait(GATE_SECONDS_MAX)
        if not account.signed_in:
            text = "Sign in to use what you have earned."
            return answer({"error": {"code": "not_signed_in", "text": text}}, 401)
        if account.panel_status != 200:
            return answer({"error": {"code": "unavailable", "text": ""}}, account.panel_status)
        return answer(
            {
                "points_name": {"one": "petal", "other": "petals"},
                "balance": account.balance,
                "tier": None if account.is_new else _tier(),
                "rewards": [] if account.is_new else OFFERS,
                "redemptions": account.open,
                "used": [] if account.is_new else _used(),
                "history": [] if account.is_new else [_entry(7)],
                "history_older": None if account.is_new else 40,
            }
        )

    @app.get("/app/account/history")
    def history() -> Response:
        return answer({"history": [_entry(int(request.args["before"]))], "history_older": None})


def _serve_asks(app: Flask, account: Account) -> None:
    @app.post("/app/account/redeem")
    def redeem() -> Response:
        asked = request.get_json()
        account.redeemed.append(asked)
        account.redeem_gate.wait(GATE_SECONDS_MAX)
        if account.redeem_failures:
            status, text = account.redeem_failures.pop(0)
            return answer({"error": {"code": "refused", "text": text}}, status)
        made = {"id": str(90 + len(account.taken)), "title": "฿50 off"} | HELD
        taken = account.settled(account.taken.setdefault(asked["key"], made))
        if account.loses_answers:
            account.loses_answers -= 1
            return answer({"error": {"code": "unavailable", "text": ""}}, 503)
        return _told(account, taken)

    @app.post("/app/account/undo")
    def undo() -> Response:
        if account.undo_failures:
            status, text = account.undo_failures.pop(0)
            return answer({"error": {"code": "already_used", "text": text}}, status)
        taken = _by_id(account, request.get_json()["redemption"])
        taken |= RELEASING
        return _told(account, account.settled(taken))

    @app.get("/app/account/redemption")
    def redemption() -> Response:
        return _told(account, account.settled(_by_id(account, request.args["id"])))


def _told(account: Account, taken: dict[str, Any]) -> Response:
    told = {"redemption": taken, "balance": account.balance}
    return answer(told, 202 if taken["waits"] else 200)


def _by_id(account: Account, number: str) -> dict[str, Any]:
    [found] = [taken for taken in account.taken.values() if taken["id"] == number]
    return found


def _tier() -> dict[str, Any]:
    return {
        "name": "Silver",
        "next": "Gold",
        "percent": 40,
        "remaining": "฿320 to Gold",
        "detail": "1.5 petals for every ฿25",
        "keep": "Silver until 6 Dec 2027",
        "perks": "1.25 petals for every ฿25",
    }


def _used() -> list[dict[str, Any]]:
    note = "used on order #1003"
    return [{"id": "8", "title": "Free shipping", "note": note, "date": "2 Nov"}]


def _entry(number: int) -> dict[str, Any]:
    return {
        "title": f"Order #10{number:02}",
        "date": "6 Nov",
        "note": "12 petals taken back as the order changed",
        "points": "+48",
        "sign": "plus",
        "receipt": [{"text": "2 × Jasmine tea", "points": "+60"}],
        "receipt_notes": ["60 less 12 is 48"],
    }


def _constants() -> dict[str, Any]:
    return {"extension": {"target": TARGET}}


def _signals(locale: str) -> dict[str, Any]:
    return {
        "authenticatedAccount.customer": {"id": "gid://shopify/Customer/1"},
        "localization.language": {"isoCode": locale},
        "localization.currency": {"isoCode": "THB"},
    }
