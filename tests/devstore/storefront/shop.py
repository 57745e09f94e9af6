"""A running shop for tests: a store of its own, small fixture extensions, an app that echoes."""

import json
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import requests
from flask import Flask, jsonify, request

from devstore import account, checkout, storefront, ui_extensions
from devstore.services import Services, build_services
from devstore.settings import Settings
from devstore.store import CombinesWith, Customer, Discount, MetafieldInput
from tests.devstore.frame.fixtures import serving

ROOT = Path(__file__).parents[3]
THEME = Path(__file__).parent / "theme"
CHECKOUT = Path(__file__).parents[1] / "checkout" / "extension"
ACCOUNT = Path(__file__).parents[1] / "account" / "extension"
CLIENT_ID, CLIENT_SECRET = "shop-tests", "shop-tests-secret-of-thirty-two-bytes"

HOSTILE = "</script><script>alert(1)</script>"
SIGNED_OUT = {"en": {"headline": "Every ฿25 earns a petal"}, "th": {"headline": "ทุก ฿25 ได้หนึ่งกลีบ"}}


@dataclass
class EchoApp:
    """An app that notes what reaches it and answers it back."""

    seen: list[dict[str, Any]] = field(default_factory=list)

    def flask_app(self) -> Flask:
        app = Flask("echo")

        @app.route("/proxy/<path:path>", methods=["GET", "POST"])
        def proxy(path):
            self.seen.append(
                {
                    "method": request.method,
                    "url": request.url,
                    "query": list(request.args.items(multi=True)),
                    "headers": dict(request.headers),
                    "body": request.get_data(as_text=True),
                }
            )
            if path == "slow":
                time.sleep(0.5)
            response = jsonify(path=path)
            response.status_code = 418 if path == "teapot" else 200
            response.set_cookie("app", "secret")
            response.headers["Cache-Control"] = "no-store"
            return response

        return app


@dataclass(frozen=True)
class RunningShop:
    """A shop that answers at `url`."""

    url: str
    services: Services
    app: EchoApp

    def visitor(self) -> "Visitor":
        return Visitor(self)

    def variant(self, handle: str, place: int = 0) -> int:
        return self.services.store.products.by_handle(handle).variants[place].id

    def customer(self, first_name="Mali", email="mali@example.com", **details: Any) -> Customer:
        return self.services.store.customers.create(first_name=first_name, email=email, **details)

    def give_points(self, customer: Customer, points: int, tier: str = "Silver") -> None:
        state = json.dumps({"tier": {"name": tier}})
        self.services.store.metafields.set(
            [
                MetafieldInput(customer.gid, "$app", "points", "number_integer", str(points)),
                MetafieldInput(customer.gid, "$app", "state", "json", state),
            ]
        )

    def configure_widget(self, settings: dict[str, Any] | None = None) -> None:
        owner = self.services.store.shop.installation_gid
        value = json.dumps(settings or {"signed_out": SIGNED_OUT, "html": HOSTILE})
        self.services.store.metafields.set(
            [MetafieldInput(owner, "widget", "settings", "json", value)]
        )

    def code(self, code: str, *, combines: bool = False, **rules: Any) -> Discount:
        """Create a discount code that is valid since yesterday."""
        started = self.services.store.clock.now() - timedelta(days=1)
        together = CombinesWith(order=combines, product=combines, shipping=combines)

        def build(discount_id, now):
            given = {"kind": "basic", "starts_at": started, "ends_at": None, **rules}
            return Discount(
                id=discount_id, title=code, code=code, created_at=now, updated_at=now,
                combines_with=together, **given,
            )  # fmt: skip

        return self.services.store.discounts.create(build)


@dataclass
class Visitor:
    """One browser's worth of cookies, without a browser."""

    shop: RunningShop
    session: requests.Session = field(default_factory=requests.Session)

    def get(self, path: str, **options: Any) -> requests.Response:
        return self.session.get(self.shop.url + path, timeout=60, **options)

    def post(self, path: str, **options: Any) -> requests.Response:
        return self.session.post(self.shop.url + path, timeout=60, **options)

    def sign_in(self, customer: Customer) -> None:
        self.post("/account/login", data={"customer": customer.id})

    def add(self, handle: str, quantity: int = 1, place: int = 0) -> dict[str, Any]:
        body = {"id": self.shop.variant(handle, place), "quantity": quantity}
        return self.post("/cart/add.js", json=body).json()

    def cart(self) -> dict[str, Any]:
        return self.get("/cart.js").json()

    def use_codes(self, codes: str) -> dict[str, Any]:
        return self.post("/cart/update.js", json={"discount": codes}).json()


def write_extensions(folder: Path) -> None:
    """Copy the fixture extensions to where a build would leave the real ones."""
    shutil.copytree(THEME, folder / "points-widget")
    for source, surface in ((CHECKOUT, "checkout"), (ACCOUNT, "account")):
        extension = folder / f"{surface}-points"
        shutil.copytree(source, extension)
        (extension / "dist").mkdir()
        shutil.copy(source / f"{surface}.js", extension / "dist" / f"{surface}.js")


def shop_app(services: Services) -> Flask:
    """Return the shop side of the development store alone."""
    app = Flask("shop", static_folder=None)
    for package in (storefront, checkout, account, ui_extensions):
        app.register_blueprint(package.blueprint(services))
    return app


@contextmanager
def running_shop(folder: Path, **settings: Any) -> Iterator[RunningShop]:
    """Run a shop in `folder`."""
    write_extensions(folder / "extensions")
    echo = EchoApp()
    with serving(echo.flask_app()) as app_url:
        chosen = {"app_url": app_url, **settings}
        services = build_services(
            Settings(
                CLIENT_ID,
                CLIENT_SECRET,
                data=folder / "data",
                extensions=folder / "extensions",
                app_toml=ROOT / "shopify.app.toml",
                **chosen,
            )
        )
        with serving(shop_app(services)) as url:
            yield RunningShop(url, services, echo)
        services.store.close()
