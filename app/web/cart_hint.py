"""What a shopper's page says is in the cart: a hint, for Shopify has the last word at checkout."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from app.domain.money import InexactAmount, to_minor

LENGTH_MAX = 20
STOREFRONT_UNITS = 100
"""Carts on the storefront count in hundredths, whatever the currency."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CartHint:
    """The subtotal of the items in a cart, before rewards, in the currency shown to the shopper."""

    amount: Decimal
    currency: str

    def minor(self, currency: str) -> int | None:
        """Return it in minor units of a programme's currency; None where the cart has another."""
        if self.currency != currency or self.amount < 0:
            return None
        try:
            return to_minor(self.amount, currency)
        except InexactAmount:
            return None


def storefront_hint(values: Mapping[str, str]) -> CartHint | None:
    """Return the hint of a storefront's cart: `subtotal` in hundredths and `currency`."""
    hint = checkout_hint(values)
    if hint is None:
        return None
    return CartHint(amount=hint.amount / STOREFRONT_UNITS, currency=hint.currency)


def checkout_hint(values: Mapping[str, object]) -> CartHint | None:
    """Return the hint of a checkout: `subtotal` as a decimal amount and `currency`; None: none."""
    text, currency = str(values.get("subtotal", "")), str(values.get("currency", ""))
    if not text or len(text) > LENGTH_MAX or len(currency) != 3:
        return None
    try:
        amount = Decimal(text)
    except InvalidOperation:
        return None
    return CartHint(amount=amount, currency=currency) if amount.is_finite() else None
