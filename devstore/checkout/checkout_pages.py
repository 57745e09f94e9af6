"""The checkout's pages: the one page to fill in, and the thanks."""

import re

from flask import Blueprint, redirect, render_template, request
from flask.typing import ResponseReturnValue
from itsdangerous import URLSafeSerializer

from devstore.checkout.checkout_state import CheckoutState, checkout_state, choose_method
from devstore.checkout.code_changes import add_code, remove_code
from devstore.checkout.extension_targets import THANK_YOU, shown_targets
from devstore.checkout.given_money import add_gift_card, remove_gift_card, use_store_credit
from devstore.services import Services
from devstore.store.evaluation import CartLine, Refusal
from devstore.store.order import Order
from devstore.store.ordering import CodesRefused
from devstore.store.terms import Terms
from devstore.storefront.cart_cookie import Cart, put_cart
from devstore.storefront.cart_pricing import refusal_words, shown_cart
from devstore.storefront.dev_bar import bar_state
from devstore.storefront.page_context import page_context
from devstore.storefront.phrases import say

EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
SUMMARY_PLACES = ("purchase.checkout.reductions.", "purchase.checkout.cart-line-list.")


def add_checkout_pages(blueprint: Blueprint, services: Services, signer: URLSafeSerializer) -> None:
    """Add the pages and the forms on them."""
    desk = CheckoutDesk(services, signer)

    @blueprint.get("/checkout")
    def checkout() -> str:
        return desk.page()

    @blueprint.post("/checkout")
    def place_order() -> ResponseReturnValue:
        return desk.place()

    @blueprint.post("/checkout/method")
    def shipping_method() -> ResponseReturnValue:
        choose_method(signer, request.form.get("method", ""))
        return redirect("/checkout", 303)

    @blueprint.post("/checkout/code")
    def add() -> ResponseReturnValue:
        code = request.form.get("code", "").strip()
        if code and add_gift_card(services, signer, code):
            return redirect("/checkout", 303)
        result = add_code(services, signer, code) if code else {}
        if result.get("type") != "error":
            return redirect("/checkout", 303)
        return desk.page(code=code, code_error=desk.words_for(result, code)), 422

    @blueprint.post("/checkout/code/remove")
    def remove() -> ResponseReturnValue:
        remove_code(signer, request.form.get("code", ""))
        return redirect("/checkout", 303)

    @blueprint.post("/checkout/gift-card/remove")
    def remove_card() -> ResponseReturnValue:
        remove_gift_card(signer, request.form.get("code", ""))
        return redirect("/checkout", 303)

    @blueprint.post("/checkout/store-credit")
    def store_credit() -> ResponseReturnValue:
        use_store_credit(signer, request.form.get("use") == "yes")
        return redirect("/checkout", 303)

    @blueprint.get("/checkout/thanks/<int:order_id>")
    def thanks(order_id: int) -> ResponseReturnValue:
        return desk.thanks(order_id)


class CheckoutDesk:
    """Shows the checkout of the request's visitor and takes the order."""

    def __init__(self, services: Services, signer: URLSafeSerializer) -> None:
        self._services = services
        self._signer = signer

    def page(self, **values: object) -> str:
        """Return the checkout as it stands."""
        page = page_context(self._services, self._signer, "checkout")
        state = checkout_state(self._services, self._signer)
        targets = shown_targets(self._services)
        return render_template(
            "checkout/checkout.html",
            page=page,
            bar=bar_state(self._services, page) if page.shows_bar else None,
            state=state,
            cart=shown_cart(self._services, state.cart, state.priced, page.locale),
            summary_targets=[each for each in targets if each.startswith(SUMMARY_PLACES)],
            main_targets=[
                each for each in targets if not each.startswith((*SUMMARY_PLACES, THANK_YOU))
            ],
            **values,
        )

    def words_for(self, result: dict[str, str], code: str) -> str:
        """Return a finished sentence for a refused code."""
        if "reason" not in result:
            return result["message"]
        locale = page_context(self._services, self._signer, "checkout").locale
        return refusal_words(self._services, Refusal(code, result["reason"], ""), locale)

    def place(self) -> ResponseReturnValue:
        """Place the order, if what the visitor saw is still so."""
        form = request.form
        if "method" in form:
            choose_method(self._signer, form["method"])
        state = checkout_state(self._services, self._signer)
        if not state.priced.lines:
            return redirect("/cart", 303)
        email = state.customer.email if state.customer else form.get("email", "").strip()
        if state.customer is None and not EMAIL.fullmatch(email or ""):
            error = say(state.shopper.locale, "checkout.email_wrong")
            return self.page(email=email, email_error=error), 422
        if form.get("expected_total", type=int) != state.priced.total_minor:
            return self._changed(email)
        try:
            order = self._placed(state, email, paid=form.get("payment") != "cash_on_delivery")
        except CodesRefused as refused:
            self._drop(state.cart, refused)
            return self._changed(email)
        put_cart(Cart())
        return redirect(f"/checkout/thanks/{order.id}", 303)

    def thanks(self, order_id: int) -> ResponseReturnValue:
        """Return the page after the order, or go home when there is no such order."""
        order = self._services.store.orders.get(order_id)
        page = page_context(self._services, self._signer, "thank-you")
        if order is None:
            return redirect("/")
        targets = shown_targets(self._services)
        return render_template(
            "checkout/thanks.html",
            page=page,
            bar=bar_state(self._services, page) if page.shows_bar else None,
            order=order,
            targets=[each for each in targets if each.startswith(THANK_YOU)],
        )

    def _placed(self, state: CheckoutState, email: str | None, *, paid: bool) -> Order:
        lines = [CartLine(line.variant.id, line.quantity) for line in state.priced.lines]
        return self._services.store.orders.place(
            state.customer.id if state.customer else None,
            lines,
            state.applied_codes,
            shipping=state.shipping,
            mark_paid=paid,
            note=state.cart.note or None,
            email=email,
            locale=state.shopper.locale,
            terms=Terms(
                gift_card_ids=tuple(card.id for card in state.given.cards),
                store_credit=state.given.credit_minor > 0,
            ),
        )

    def _changed(self, email: str | None) -> ResponseReturnValue:
        locale = page_context(self._services, self._signer, "checkout").locale
        return self.page(email=email, notice=say(locale, "checkout.code_gone")), 409

    def _drop(self, cart: Cart, refused: CodesRefused) -> None:
        gone = {refusal.code.lower() for refusal in refused.refusals}
        put_cart(cart.with_codes([code for code in cart.codes if code.lower() not in gone]))
