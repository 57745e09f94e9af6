"""Prices a cart: what its codes take off, and the finished words for those that do not apply."""

from dataclasses import dataclass

from devstore.services import Services
from devstore.store.evaluation import (
    AppliedAutomatic,
    AppliedDiscount,
    CartLine,
    Evaluation,
    Refusal,
)
from devstore.storefront.cart_cookie import Cart
from devstore.storefront.phrases import say
from devstore.storefront.product_looks import Look, look_of
from devstore.storefront.shop_money import price_text


@dataclass(frozen=True)
class ShownLine:
    """One line of the cart in the shopper's language; amounts in minor units."""

    title: str
    variant_title: str
    url: str
    look: Look
    quantity: int
    price_minor: int
    original_minor: int
    final_minor: int


@dataclass(frozen=True)
class ShownCode:
    """One code on the cart: what it takes off, or why it does not apply."""

    code: str
    applicable: bool
    amount_minor: int
    reason: str


@dataclass(frozen=True)
class ShownCart:
    """The cart as its page and the checkout show it; amounts in minor units."""

    lines: tuple[ShownLine, ...]
    codes: tuple[ShownCode, ...]
    subtotal_minor: int
    shipping_minor: int
    discount_minor: int
    total_minor: int
    automatic: AppliedAutomatic | None = None
    """What the shop gives without a code; `discount_minor` does not count it."""


def price_cart(
    services: Services, cart: Cart, customer_id: int | None, shipping_minor: int = 0
) -> Evaluation:
    """Work out the cart with its codes, at the shop's own (shifted) time."""
    store = services.store
    existing = set(store.products.existing(item.variant_id for item in cart.items))
    lines = [
        CartLine(item.variant_id, item.quantity)
        for item in cart.items
        if item.variant_id in existing
    ]
    return store.discounts.evaluate(
        cart.codes, customer_id, lines, store.clock.now(), shipping_minor
    )


def shown_cart(services: Services, cart: Cart, priced: Evaluation, locale: str) -> ShownCart:
    """Return the priced cart in words and amounts for a page."""
    return ShownCart(
        lines=_shown_lines(priced, locale),
        codes=shown_codes(services, cart, priced, locale),
        subtotal_minor=priced.subtotal_minor,
        shipping_minor=priced.shipping_minor,
        discount_minor=priced.discount_minor - _given_minor(priced),
        total_minor=priced.total_minor,
        automatic=priced.automatic,
    )


def _given_minor(priced: Evaluation) -> int:
    return priced.automatic.shipping_minor if priced.automatic else 0


def _shown_lines(priced: Evaluation, locale: str) -> tuple[ShownLine, ...]:
    return tuple(
        ShownLine(
            title=line.product.title.in_locale(locale),
            variant_title=line.variant.title.in_locale(locale),
            url=f"/products/{line.product.handle}?variant={line.variant.id}",
            look=look_of(line.product.art, line.product.kind),
            quantity=line.quantity,
            price_minor=line.variant.price_minor,
            original_minor=line.subtotal_minor,
            final_minor=line.subtotal_minor - discount_minor,
        )
        for line, discount_minor in zip(priced.lines, priced.line_discounts, strict=True)
    )


def shown_codes(
    services: Services, cart: Cart, priced: Evaluation, locale: str
) -> tuple[ShownCode, ...]:
    """Return every code on the cart, in its order, with its effect or the reason against it."""
    applied = applied_by_code(priced)
    refused = {refusal.code.lower(): refusal for refusal in priced.refused}
    codes = []
    for code in cart.codes:
        if code.lower() in applied:
            use = applied[code.lower()]
            codes.append(ShownCode(use.code, True, use.amount_minor, ""))
        else:
            refusal = refused.get(code.lower()) or Refusal(code, "unknown", "")
            reason = refusal_words(services, refusal, locale)
            codes.append(ShownCode(code, False, 0, reason))
    return tuple(codes)


def applied_by_code(priced: Evaluation) -> dict[str, AppliedDiscount]:
    """Return the codes that apply, by their lower-case spelling."""
    refused = {refusal.code.lower() for refusal in priced.refused}
    applied = {use.code.lower(): use for use in priced.applied}
    return {code: use for code, use in applied.items() if code not in refused}


def refusal_words(services: Services, refusal: Refusal, locale: str) -> str:
    """Return a finished sentence that says why a code does not apply."""
    discount = services.store.discounts.by_code(refusal.code)
    least = discount.minimum_subtotal_minor if discount else None
    if refusal.reason == "minimum" and least:
        amount = price_text(least, services.store.shop.currency)
        return say(locale, "code.minimum_amount", code=refusal.code, amount=amount)
    return say(locale, f"code.{refusal.reason}", code=refusal.code)
