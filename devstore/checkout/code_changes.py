"""Adds and removes discount codes at the checkout, and says what came of it."""

from itsdangerous import URLSafeSerializer

from devstore.checkout.checkout_state import checkout_state
from devstore.services import Services
from devstore.storefront.cart_cookie import current_cart, put_cart
from devstore.storefront.shopper_cookie import current_shopper

Result = dict[str, str]

SUCCESS: Result = {"type": "success"}
SIMULATED = "This discount code can't be applied (simulated in the development store's bar)."


def apply_change(services: Services, signer: URLSafeSerializer, kind: str, code: str) -> Result:
    """Change the codes as `applyDiscountCodeChange` does, and return its result.

    A code that does not apply is not kept on the checkout.
    """
    if kind == "removeDiscountCode":
        return remove_code(signer, code)
    if kind == "addDiscountCode":
        return add_code(services, signer, code)
    return {"type": "error", "message": f"There is no change called {kind}."}


def add_code(services: Services, signer: URLSafeSerializer, code: str) -> Result:
    """Put one more code on the checkout if it applies."""
    if current_shopper(signer).refuse_codes_at_checkout:
        return {"type": "error", "message": SIMULATED}
    before = current_cart(signer)
    put_cart(before.with_codes([*before.codes, code]))
    after = checkout_state(services, signer)
    if code.strip().lower() in {applied.lower() for applied in after.applied_codes}:
        return SUCCESS
    put_cart(before)
    refusals = {refusal.code.lower(): refusal for refusal in after.priced.refused}
    refusal = refusals.get(code.strip().lower())
    message = refusal.message if refusal else "Enter a discount code."
    return {"type": "error", "message": message, "reason": refusal.reason if refusal else "unknown"}


def remove_code(signer: URLSafeSerializer, code: str) -> Result:
    """Take a code off the checkout; one that is not there is no error."""
    cart = current_cart(signer)
    put_cart(cart.with_codes([held for held in cart.codes if held.lower() != code.lower()]))
    return SUCCESS
