"""A checkout with the extension in it, run on the development store's stand-ins, and its app."""

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

TARGET = "purchase.checkout.reductions.render-after"


@dataclass
class Checkout:
    """What checkout and app do; tests change it between steps."""

    url: str = ""
    signed_in: bool = True
    can_update_codes: bool = True
    codes: list[str] = field(default_factory=list)
    refuses: set[str] = field(default_factory=set)
    panel_status: int = 200
    panel_gate: Event = field(default_factory=open_gate)
    """Closed, the app does not answer for its panel until it is opened."""
    rewards: int = 2
    held: int = 0
    poll_gate: Event = field(default_factory=open_gate)
    """Closed, the app does not answer an ask that is repeated until it is opened."""
    redeem_failures: list[tuple[int, str]] = field(default_factory=list)
    release_failures: int = 0
    shopify_away: bool = False
    asked: list[str] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)
    redeemed: list[dict[str, Any]] = field(default_factory=list)
    released: list[str] = field(default_factory=list)
    tokens: list[str | None] = field(default_factory=list)

    @property
    def balance(self) -> dict[str, Any]:
        """Return the balance as the app words it."""
        spent = 500 if len(set(self.keys)) > len(self.released) + self.held else 0
        return {"available": 1240 - spent, "text": f"{1240 - spent:,}", "unit": "petals"}


@contextmanager
def served(checkout: Checkout) -> Iterator[Checkout]:
    """Serve `checkout` on a free port."""
    with serving(_application(checkout)) as checkout.url:
        yield checkout


def _application(checkout: Checkout) -> Flask:
    app = Flask(__name__, static_folder=None)

    @app.before_request
    def note_request() -> None:
        if request.path.startswith("/app/"):
            checkout.asked.append(f"{request.method} {request.path.removeprefix('/app')}")
            checkout.tokens.append(request.headers.get("Authorization"))

    @app.get("/")
    def page() -> str:
        locale = request.args.get("locale", "en")
        return page_of("checkout", locale, _data(checkout, locale))

    serve_stand_ins(app, "checkout")
    _serve_checkout(app, checkout)
    _serve_app(app, checkout)
    return app


def _serve_checkout(app: Flask, checkout: Checkout) -> None:
    @app.post("/checkout/discount-codes")
    def change_codes() -> Response:
        change = request.get_json()
        code, adds = change["code"], change["type"] == "addDiscountCode"
        if adds and code in checkout.refuses:
            result = {"type": "error", "message": "The code does not apply."}
        else:
            others = [other for other in checkout.codes if other != code]
            checkout.codes = [*others, code] if adds else others
            result = {"type": "success"}
        return jsonify(result=result, signals={"discountCodes": _codes(checkout)})


def _serve_app(app: Flask, checkout: Checkout) -> None:
    @app.get("/app/checkout/panel")
    def panel() -> Response:
        checkout.panel_gate.wait(GATE_SECONDS_MAX)
        if checkout.panel_status != 200:
            return answer({"error": {"code": "unavailable", "text": ""}}, checkout.panel_status)
        return answer(
            {
                "signed_in": True,
                "balance": checkout.balance,
                "rewards": [
                    {"id": "3", "title": "฿50 off", "detail": "500 petals"},
                    {"id": "4", "title": "Free shipping", "detail": "800 petals"},
                    {
                        "id": "5",
                        "title": "Up to ฿120 off",
                        "detail": "100 petals for each ฿10",
                        "start": 1,
                        "stops": [
                            {"id": "100", "gain": "฿10 off", "cost": "100 of 1,240 petals"},
                            {"id": "200", "gain": "฿20 off", "cost": "200 of 1,240 petals"},
                            {"id": "300", "gain": "฿30 off", "cost": "300 of 1,240 petals"},
                        ],
                    },
                ][: checkout.rewards],
            }
        )

    @app.post("/app/checkout/redeem")
    def redeem() -> Response:
        asked = request.get_json()
        if asked["key"] in checkout.keys:
            checkout.poll_gate.wait(GATE_SECONDS_MAX)
        checkout.keys.append(asked["key"])
        checkout.redeemed.append(asked)
        if checkout.redeem_failures:
            status, text = checkout.redeem_failures.pop(0)
            return answer({"error": {"code": "refused", "text": text}}, status)
        made = {"id": "9", "title": "฿50 off", "state": "ready", "code": "RG-7K2M9QXD"}
        if checkout.held:
            checkout.held -= 1
            made |= {"state": "held", "code": None}
        status = 202 if made["state"] == "held" else 200
        return answer({"redemption": made, "balance": checkout.balance}, status)

    @app.post("/app/checkout/release")
    def release() -> Response:
        if checkout.release_failures:
            checkout.release_failures -= 1
            return answer({"error": {"code": "unavailable", "text": ""}}, 503)
        released = request.get_json()["redemption"]
        if checkout.shopify_away:
            return answer({"redemption": {"id": released, "state": "releasing"}}, 202)
        checkout.released.append(released)
        told = {"id": released, "state": "released"}
        return answer({"redemption": told, "balance": checkout.balance})


def _codes(checkout: Checkout) -> list[dict[str, str]]:
    return [{"code": code} for code in checkout.codes]


def _data(checkout: Checkout, locale: str) -> dict[str, Any]:
    customer = {"id": "gid://shopify/Customer/1"} if checkout.signed_in else None
    settings = json.dumps({"api_url": f"{checkout.url}/app/"})
    return {
        "constants": {"extension": {"target": TARGET}},
        "signals": {
            "appMetafields": [
                _metafield("shop", "checkout", settings),
                *([_metafield("customer", "points", "1240")] if customer else []),
            ],
            "buyerIdentity.customer": customer,
            "cost.subtotalAmount": {"amount": 480, "currencyCode": "THB"},
            "discountCodes": _codes(checkout),
            "instructions": {"discounts": {"canUpdateDiscountCodes": checkout.can_update_codes}},
            "localization.language": {"isoCode": locale},
            "localization.currency": {"isoCode": "THB"},
        },
    }


def _metafield(owner: str, key: str, value: str) -> dict[str, Any]:
    return {
        "target": {"type": owner, "id": f"gid://shopify/{owner}/1"},
        "metafield": {"namespace": "$app", "key": key, "value": value},
    }
