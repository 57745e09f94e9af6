"""The visitor's cart, in a signed cookie: variants, quantities and discount codes."""

import secrets
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from flask import Response, g, request
from itsdangerous import BadSignature, URLSafeSerializer

COOKIE = "devstore_cart"
QUANTITY_MAX = 99
CODES_MAX = 10


@dataclass(frozen=True)
class CartItem:
    """So many of one variant."""

    variant_id: int
    quantity: int

    @property
    def key(self) -> str:
        """Return the key that names this line in the cart API."""
        return f"{self.variant_id}:{self.variant_id:x}"


@dataclass(frozen=True)
class Cart:
    """What is in the cart; codes are kept whether or not they apply."""

    token: str = field(default_factory=lambda: secrets.token_hex(16))
    items: tuple[CartItem, ...] = ()
    codes: tuple[str, ...] = ()
    gift_cards: tuple[str, ...] = ()
    store_credit: bool = False
    shipping_method: str = ""
    note: str = ""
    attributes: dict[str, str] = field(default_factory=dict)

    @property
    def item_count(self) -> int:
        """Return how many pieces there are."""
        return sum(item.quantity for item in self.items)

    def with_added(self, variant_id: int, quantity: int) -> "Cart":
        """Return the cart with `quantity` more of a variant, the newest line first."""
        held = next((item.quantity for item in self.items if item.variant_id == variant_id), 0)
        return self.with_exactly(variant_id, held + quantity)

    def with_exactly(self, variant_id: int, quantity: int) -> "Cart":
        """Return the cart with exactly `quantity` of a variant, on a new first line if need be."""
        if any(item.variant_id == variant_id for item in self.items):
            return self.with_quantity(variant_id, quantity)
        item = CartItem(variant_id, 0)
        return replace(self, items=(item, *self.items)).with_quantity(variant_id, quantity)

    def with_quantity(self, variant_id: int, quantity: int) -> "Cart":
        """Return the cart with exactly `quantity` of a variant; 0 removes its line."""
        changed = (
            replace(item, quantity=min(quantity, QUANTITY_MAX))
            if item.variant_id == variant_id
            else item
            for item in self.items
        )
        return replace(self, items=tuple(item for item in changed if item.quantity > 0))

    def with_codes(self, codes: list[str]) -> "Cart":
        """Return the cart with exactly these codes, each once whatever its case."""
        by_lower = {code.strip().lower(): code.strip() for code in codes if code.strip()}
        return replace(self, codes=tuple(by_lower.values())[:CODES_MAX])


def current_cart(signer: URLSafeSerializer) -> Cart:
    """Return the cart of this request."""
    if "cart" not in g:
        g.cart = _read(request.cookies.get(COOKIE, ""), signer)
    found: Cart = g.cart
    return found


def put_cart(cart: Cart) -> None:
    """Make `cart` the visitor's cart, from this answer on."""
    g.cart = cart
    g.cart_changed = True


def keep_cart(response: Response, signer: URLSafeSerializer) -> Response:
    """Write the cookie if this request changed the cart."""
    if g.get("cart_changed"):
        value = str(signer.dumps(asdict(g.cart)))
        response.set_cookie(COOKIE, value, httponly=True, samesite="Lax")
    return response


def _read(value: str, signer: URLSafeSerializer) -> Cart:
    try:
        held: dict[str, Any] = signer.loads(value)
        items = tuple(CartItem(**item) for item in held.pop("items"))
        lists = {name: tuple(held[name]) for name in ("codes", "gift_cards")}
        return Cart(items=items, **{**held, **lists})
    except (BadSignature, KeyError, TypeError):
        # Forged, or written by an older development store.
        return Cart()
