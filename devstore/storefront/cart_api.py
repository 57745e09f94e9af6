"""The cart's addresses: Shopify's Ajax API, and the forms that work without scripts."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from flask import Blueprint, jsonify, redirect, request
from flask.typing import ResponseReturnValue
from itsdangerous import URLSafeSerializer

from devstore.services import Services
from devstore.storefront.cart_cookie import Cart, current_cart, put_cart
from devstore.storefront.cart_json import Json, cart_json, line_items
from devstore.storefront.cart_pricing import price_cart
from devstore.storefront.safe_path import local_path
from devstore.storefront.shopper_cookie import current_shopper

# The cart lives in a cookie, so it cannot be long.
NOTE_LENGTH_MAX = 300


class CartError(Exception):
    """The cart declined a change."""

    def __init__(self, description: str, status: int = 422) -> None:
        super().__init__(description)
        self.description = description
        self.status = status


class CartDesk:
    """Reads and changes the visitor's cart."""

    def __init__(self, services: Services, signer: URLSafeSerializer) -> None:
        self._services = services
        self._signer = signer

    def cart(self) -> Cart:
        """Return the visitor's cart."""
        return current_cart(self._signer)

    def as_json(self) -> Json:
        """Return the cart as `/cart.js` answers it."""
        shopper, cart = current_shopper(self._signer), self.cart()
        priced = price_cart(self._services, cart, shopper.customer_id)
        return cart_json(self._services.store.shop, cart, priced, shopper.locale)

    def add(self, variant_id: int, quantity: int) -> None:
        """Add so many of a variant."""
        if not self._services.store.products.existing([variant_id]):
            raise CartError("Cannot find variant", 404)
        if quantity < 1:
            raise CartError("Quantity must be 1 or more")
        put_cart(self.cart().with_added(variant_id, quantity))

    def change(self, fields: Mapping[str, Any]) -> None:
        """Set the quantity of the line named by `id` (variant or key) or by `line` (from 1)."""
        put_cart(self.cart().with_quantity(self._variant_of(fields), _whole(fields, "quantity")))

    def update(self, fields: Mapping[str, Any]) -> None:
        """Change quantities, note, attributes and codes; `discount` replaces all codes."""
        cart = self.cart()
        for variant_id, quantity in _updates(fields.get("updates"), cart):
            if not self._services.store.products.existing([variant_id]):
                raise CartError("Cannot find variant", 404)
            cart = cart.with_exactly(variant_id, quantity)
        if "note" in fields:
            cart = replace(cart, note=str(fields["note"])[:NOTE_LENGTH_MAX])
        if isinstance(fields.get("attributes"), Mapping):
            cart = replace(cart, attributes={**cart.attributes, **fields["attributes"]})
        if "discount" in fields:
            cart = cart.with_codes(str(fields["discount"] or "").split(","))
        put_cart(cart)

    def clear(self) -> None:
        """Take everything out of the cart; codes, note and attributes stay."""
        put_cart(replace(self.cart(), items=()))

    def added_json(self, variant_ids: list[int]) -> list[Json]:
        """Return the lines of the variants just added."""
        shopper, cart = current_shopper(self._signer), self.cart()
        priced = price_cart(self._services, cart, shopper.customer_id)
        lines = line_items(self._services.store.shop, cart, priced, shopper.locale)
        return [line for line in lines if line["variant_id"] in variant_ids]

    def _variant_of(self, fields: Mapping[str, Any]) -> int:
        items = self.cart().items
        if "line" in fields:
            place = _whole(fields, "line")
            if 1 <= place <= len(items):
                return items[place - 1].variant_id
        named = str(fields.get("id", ""))
        for item in items:
            if named in (item.key, str(item.variant_id)):
                return item.variant_id
        raise CartError("no valid id or line parameter", 400)


def add_cart_api(blueprint: Blueprint, services: Services, signer: URLSafeSerializer) -> None:
    """Add the cart's addresses to the storefront."""
    desk = CartDesk(services, signer)

    @blueprint.errorhandler(CartError)
    def declined(error: CartError) -> ResponseReturnValue:
        if not _wants_json():
            return redirect("/cart", 303)
        answer = {
            "status": error.status,
            "message": "Cart Error",
            "description": error.description,
        }
        return jsonify(answer), error.status

    @blueprint.get("/cart.js")
    @blueprint.get("/cart.json")
    def cart_js() -> ResponseReturnValue:
        return jsonify(desk.as_json())

    _add_changes(blueprint, desk)
    _add_discounts(blueprint, desk)


def _add_changes(blueprint: Blueprint, desk: CartDesk) -> None:
    @blueprint.post("/cart/add.js")
    @blueprint.post("/cart/add")
    def cart_add() -> ResponseReturnValue:
        fields = _fields()
        items = fields.get("items") or [fields]
        wanted = [(_whole(item, "id"), _whole(item, "quantity", 1)) for item in items]
        for variant_id, quantity in wanted:
            desk.add(variant_id, quantity)
        if not _wants_json():
            return redirect("/cart", 303)
        lines = desk.added_json([variant_id for variant_id, _ in wanted])
        return jsonify({"items": lines} if "items" in fields else lines[0])

    @blueprint.post("/cart/change.js")
    @blueprint.post("/cart/change")
    def cart_change() -> ResponseReturnValue:
        desk.change(_fields())
        return _answer(desk)

    @blueprint.post("/cart/update.js")
    @blueprint.post("/cart/update")
    def cart_update() -> ResponseReturnValue:
        desk.update(_fields())
        return _answer(desk)

    @blueprint.post("/cart/clear.js")
    @blueprint.post("/cart/clear")
    def cart_clear() -> ResponseReturnValue:
        desk.clear()
        return _answer(desk)


def _add_discounts(blueprint: Blueprint, desk: CartDesk) -> None:
    @blueprint.get("/discount/<code>")
    def discount_link(code: str) -> ResponseReturnValue:
        """Put one code on the cart and go on, as a shared link does."""
        put_cart(desk.cart().with_codes([*desk.cart().codes, code]))
        return redirect(local_path(request.args.get("redirect"), "/"), 302)

    @blueprint.post("/cart/discount")
    def add_code() -> ResponseReturnValue:
        put_cart(desk.cart().with_codes([*desk.cart().codes, request.form.get("code", "")]))
        return redirect("/cart", 303)

    @blueprint.post("/cart/discount/remove")
    def remove_code() -> ResponseReturnValue:
        removed = request.form.get("code", "").lower()
        put_cart(desk.cart().with_codes([c for c in desk.cart().codes if c.lower() != removed]))
        return redirect("/cart", 303)


def _answer(desk: CartDesk) -> ResponseReturnValue:
    return jsonify(desk.as_json()) if _wants_json() else redirect("/cart", 303)


def _wants_json() -> bool:
    return request.path.endswith(".js") or request.is_json


def _fields() -> Mapping[str, Any]:
    if request.is_json:
        sent = request.get_json(silent=True)
        if not isinstance(sent, dict):
            raise CartError("The body is not a JSON object", 400)
        return sent
    # With two fields of one name the button that was pressed comes last and counts.
    return {name: values[-1] for name, values in request.form.lists()}


def _whole(fields: Mapping[str, Any], name: str, otherwise: int | None = None) -> int:
    if name in fields:
        return _number(fields[name], name)
    if otherwise is None:
        raise CartError(f"Required parameter missing: {name}", 400)
    return otherwise


def _updates(updates: object, cart: Cart) -> list[tuple[int, int]]:
    """Return variants and quantities: by variant or line key, or in the order of the lines."""
    if isinstance(updates, list):
        updates = dict(zip((item.key for item in cart.items), updates, strict=False))
    if not isinstance(updates, Mapping):
        return []
    return [(_number(key, "updates"), _number(count, "updates")) for key, count in updates.items()]


def _number(value: object, name: str) -> int:
    try:
        return int(str(value).split(":")[0])
    except ValueError:
        raise CartError(f"{name} is not a number", 400) from None
