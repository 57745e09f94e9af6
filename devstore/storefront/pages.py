"""The shop's pages: home, product, cart, and the sign-in."""

import re

from flask import Blueprint, abort, redirect, request
from flask.typing import ResponseReturnValue
from itsdangerous import URLSafeSerializer

from devstore.services import Services
from devstore.store.customers import EmailTaken
from devstore.storefront.cart_cookie import current_cart
from devstore.storefront.cart_pricing import price_cart, shown_cart
from devstore.storefront.page_context import page_context
from devstore.storefront.people import find_people
from devstore.storefront.phrases import say
from devstore.storefront.safe_path import local_path
from devstore.storefront.shelf import companions, shelves, shown_product
from devstore.storefront.shipping_methods import FREE_DELIVERY_UNITS, units
from devstore.storefront.shopper_cookie import change_shopper, current_shopper
from devstore.storefront.storefront_page import StorefrontPages

EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


def add_pages(blueprint: Blueprint, services: Services, signer: URLSafeSerializer) -> None:
    """Add every page to the storefront."""
    pages = StorefrontPages(services, signer)
    _add_shop(blueprint, services, signer, pages)
    _add_sign_in(blueprint, services, signer, pages)


def _add_shop(
    blueprint: Blueprint, services: Services, signer: URLSafeSerializer, pages: StorefrontPages
) -> None:
    products = services.store.products

    @blueprint.get("/")
    def home() -> str:
        page = page_context(services, signer, "index")
        free_delivery = page.price(units(services, FREE_DELIVERY_UNITS))
        on_shelves = shelves(products, page.locale)
        return pages.render("index", "home", shelves=on_shelves, free_delivery=free_delivery)

    @blueprint.get("/products/<handle>")
    def product(handle: str) -> str:
        found = products.by_handle(handle)
        if found is None:
            abort(404)
        locale = current_shopper(signer).locale
        shown = shown_product(found, locale)
        asked = request.args.get("variant", type=int)
        chosen = next((each for each in shown.variants if each.id == asked), shown.variants[0])
        others = companions(products, found, locale)
        return pages.render("product", product=shown, chosen=chosen, others=others)

    @blueprint.get("/pages/about")
    def about() -> str:
        return pages.render("page", "about")

    @blueprint.get("/cart")
    def cart() -> str:
        shopper, held = current_shopper(signer), current_cart(signer)
        priced = price_cart(services, held, shopper.customer_id)
        return pages.render("cart", cart=shown_cart(services, held, priced, shopper.locale))


def _add_sign_in(
    blueprint: Blueprint, services: Services, signer: URLSafeSerializer, pages: StorefrontPages
) -> None:
    def choose(form: dict[str, str], errors: dict[str, str]) -> str:
        query = request.args.get("q", "")
        return pages.render(
            "customers/login",
            "login",
            people=find_people(services, query),
            query=query,
            form=form,
            errors=errors,
            next_url=_return_path(),
        )

    @blueprint.get("/account/login")
    def login() -> str:
        return choose({}, {})

    @blueprint.get("/account/register")
    def register_page() -> ResponseReturnValue:
        return redirect("/account/login#register")

    @blueprint.post("/account/login")
    def sign_in() -> ResponseReturnValue:
        customer = services.store.customers.get(request.form.get("customer", 0, type=int))
        if customer is None:
            abort(404)
        change_shopper(signer, customer_id=customer.id)
        return redirect(_return_path(), 303)

    @blueprint.post("/account/register")
    def register() -> ResponseReturnValue:
        locale = current_shopper(signer).locale
        form = {name: value.strip() for name, value in request.form.items()}
        errors = _register_errors(form, locale)
        if errors:
            return choose(form, errors), 422
        try:
            customer = services.store.customers.create(
                first_name=form["first_name"],
                last_name=form.get("last_name", ""),
                email=form["email"],
                locale=locale,
            )
        except EmailTaken:
            return choose(form, {"email": say(locale, "account.email_taken")}), 422
        change_shopper(signer, customer_id=customer.id)
        return redirect(_return_path(), 303)

    @blueprint.route("/account/logout", methods=["GET", "POST"])
    def logout() -> ResponseReturnValue:
        change_shopper(signer, customer_id=None)
        return redirect("/", 303)


def _register_errors(form: dict[str, str], locale: str) -> dict[str, str]:
    errors = {}
    if not form.get("first_name"):
        errors["first_name"] = say(locale, "account.first_name_missing")
    if not EMAIL.fullmatch(form.get("email", "")):
        errors["email"] = say(locale, "account.email_wrong")
    return errors


def _return_path() -> str:
    asked = request.values.get("return_to") or request.values.get("return_url")
    return local_path(asked, "/account")
