"""The account's pages: the customer's orders, and their rewards."""

from dataclasses import dataclass

from babel.dates import format_date
from flask import Blueprint, redirect, render_template
from flask.typing import ResponseReturnValue
from itsdangerous import URLSafeSerializer

from devstore.account.account_extension import PAGE, shows_rewards
from devstore.services import Services
from devstore.store.order import Order
from devstore.storefront.dev_bar import bar_state
from devstore.storefront.page_context import page_context
from devstore.storefront.shopper_cookie import current_shopper
from devstore.storefront.storefront_page import StorefrontPages


@dataclass(frozen=True)
class ShownOrder:
    """One order in the customer's list."""

    name: str
    contents: str
    date: str
    state: str
    total_minor: int


def add_account_pages(blueprint: Blueprint, services: Services, signer: URLSafeSerializer) -> None:
    """Add the pages; who is not signed in is sent to the sign-in."""
    pages = StorefrontPages(services, signer)

    def signed_in_id() -> int | None:
        customer_id = current_shopper(signer).customer_id
        known = customer_id is not None and services.store.customers.get(customer_id) is not None
        return customer_id if known else None

    @blueprint.get("/account")
    def orders() -> ResponseReturnValue:
        customer_id, locale = signed_in_id(), current_shopper(signer).locale
        if customer_id is None:
            return redirect("/account/login")
        found = services.store.orders.all(customer_id=customer_id)
        return pages.render(
            "customers/account",
            "orders",
            folder="account",
            orders=[_shown_order(services, order, locale) for order in found],
            shows_rewards=shows_rewards(services),
        )

    @blueprint.get("/account/rewards")
    def rewards() -> ResponseReturnValue:
        if signed_in_id() is None:
            return redirect("/account/login?return_to=/account/rewards")
        if not shows_rewards(services):
            return redirect("/account")
        # Pages of extensions are Shopify's own: the theme and what is embedded in it are not there.
        page = page_context(services, signer, "rewards")
        return render_template(
            "account/rewards.html",
            page=page,
            bar=bar_state(services, page) if page.shows_bar else None,
            extension=None,
            targets=[PAGE],
            shows_rewards=True,
        )


def _shown_order(services: Services, order: Order, locale: str) -> ShownOrder:
    day = order.processed_at.astimezone(services.store.shop.zone)
    state = "cancelled" if order.cancelled_at else order.financial_status
    return ShownOrder(
        name=order.name,
        contents=", ".join(_line_words(services, order, locale)),
        date=format_date(day, format="d MMM y", locale=locale),
        state=state,
        total_minor=order.current_total_minor,
    )


def _line_words(services: Services, order: Order, locale: str) -> list[str]:
    words = []
    for line in order.lines:
        product = services.store.products.get(line.product_id) if line.product_id else None
        title = product.title.in_locale(locale) if product else line.title
        words.append(title if line.quantity == 1 else f"{title} × {line.quantity}")
    return words
