"""The development bar: who shops, how the theme looks, the weather for webhooks, the date."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from babel.dates import format_date
from flask import Blueprint, redirect, render_template, request
from flask.typing import ResponseReturnValue
from itsdangerous import URLSafeSerializer

from devstore.services import Services
from devstore.storefront.embed_settings import embed_enabled, enable_embed
from devstore.storefront.page_context import PageContext, page_context
from devstore.storefront.people import Person, find_people
from devstore.storefront.safe_path import local_path
from devstore.storefront.shopper_cookie import CORNERS, LOCALES, LOOKS, change_shopper
from devstore.storefront.weather_choice import (
    WeatherChoice,
    current_weather,
    set_weather,
    weather_choices,
)

DAY_SECONDS = 86_400
PEOPLE_MAX = 8


@dataclass(frozen=True)
class BarLink:
    """One link of the bar."""

    label: str
    url: str
    current: bool


@dataclass(frozen=True)
class BarState:
    """Everything the bar shows."""

    people: list[Person]
    customer_id: int | None
    locale: str
    look: str
    corners: int
    weather: str
    weathers: list[WeatherChoice]
    embed_enabled: bool
    refuses_codes: bool
    at_checkout: bool
    date: str
    here: str
    links: list[BarLink]
    looks: tuple[str, ...] = LOOKS
    corners_offered: tuple[int, ...] = CORNERS


def bar_state(services: Services, page: PageContext) -> BarState:
    """Return what the bar shows on `page`."""
    shopper = page.shopper
    now = services.store.clock.now().astimezone(services.store.shop.zone)
    here = f"{page.path}?{urlencode(page.query)}" if page.query else page.path
    weather = current_weather(services)
    return BarState(
        people=_people(services, shopper.customer_id),
        customer_id=shopper.customer_id,
        locale=shopper.locale,
        look=shopper.look,
        corners=shopper.corners,
        weather=weather,
        weathers=weather_choices(weather),
        embed_enabled=embed_enabled(services),
        refuses_codes=shopper.refuse_codes_at_checkout,
        at_checkout=page.path.startswith("/checkout"),
        date=format_date(now, format="d MMM y", locale="en"),
        here=here,
        links=_links(page.path, here),
    )


def _people(services: Services, customer_id: int | None) -> list[Person]:
    people = find_people(services, "")[:PEOPLE_MAX]
    customer = services.store.customers.get(customer_id) if customer_id else None
    if customer is not None and all(person.id != customer.id for person in people):
        people.append(Person(customer.id, customer.name, customer.email, 0))
    return people


def _links(path: str, here: str) -> list[BarLink]:
    shown = "/" if here.startswith("/devstore") else here
    phone = f"/devstore/phone?{urlencode({'path': shown})}"
    targets = {
        "Shop": "/",
        "Phone": phone,
        "Checkout": "/checkout",
        "Back office": "/admin/orders",
        "App": "/admin/apps/regulars/",
    }
    return [BarLink(label, url, _is_here(url, path)) for label, url in targets.items()]


def _is_here(url: str, path: str) -> bool:
    if url == "/":
        return not path.startswith(("/checkout", "/devstore"))
    return path.startswith(url.split("?")[0])


def add_dev_bar(blueprint: Blueprint, services: Services, signer: URLSafeSerializer) -> None:
    """Add the bar's form and the phone preview to the storefront."""

    @blueprint.post("/devstore/bar")
    def change_bar() -> ResponseReturnValue:
        form = request.form
        back = local_path(form.get("back"), "/")
        if form.get("customer") == "more":
            return redirect(f"/account/login?{urlencode({'return_to': back})}", 303)
        changes = _shopper_changes(services)
        if changes:
            change_shopper(signer, **changes)
        if "weather" in form:
            set_weather(services, form["weather"])
        if "embed_shown" in form:
            enable_embed(services, form.get("embed") == "on")
        if "advance_days" in form:
            services.store.clock.advance(int(form["advance_days"]) * DAY_SECONDS)
        return redirect(back, 303)

    @blueprint.get("/devstore/phone")
    def phone() -> str:
        path = local_path(request.args.get("path"), "/")
        page = page_context(services, signer, "phone")
        bar = bar_state(services, page)
        return render_template("storefront/preview.html", page=page, bar=bar, path=path)


def _shopper_changes(services: Services) -> dict[str, Any]:
    form = request.form
    changes: dict[str, Any] = {}
    if "customer" in form:
        customer = services.store.customers.get(form.get("customer", 0, type=int))
        changes["customer_id"] = None if customer is None else customer.id
    if form.get("locale") in LOCALES:
        changes["locale"] = form["locale"]
    if form.get("look") in LOOKS:
        changes["look"] = form["look"]
    if form.get("corners", type=int) in CORNERS:
        changes["corners"] = int(form["corners"])
    if "refuse_codes_shown" in form:
        changes["refuse_codes_at_checkout"] = form.get("refuse_codes") == "on"
    return changes
