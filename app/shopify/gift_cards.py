"""Gift cards at Shopify: made with a code of ours, found by it, and deactivated."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from app.domain.money import to_decimal_text, to_minor
from app.shopify.client import DEFAULT_BUDGET_S, Run
from app.shopify.errors import ShopifyRefused, ShopifyUnavailable

LAST_CHARACTERS = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class CardOrder:
    """The gift card to make, for whom and until when (None: for ever)."""

    code: str
    amount_minor: int
    currency: str
    customer_id: int
    ends_on: date | None
    note: str
    """Seen by staff only; it names the redemption, and no two cards have the same."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundCard:
    """A gift card as Shopify keeps it."""

    gid: str
    used: bool
    """Whether something of it was spent."""
    enabled: bool


def create_card(run: Run, order: CardOrder, *, budget_s: float = DEFAULT_BUDGET_S) -> str:
    """Make the gift card and return its id; one that exists already is done.

    Raises ShopifyRefused when Shopify will not make it, ShopifyUnavailable when it is not known.
    """
    try:
        data = run("create_gift_card", {"card": _input(order)}, budget_s=budget_s)
    except ShopifyRefused as refusal:
        # The code is ours alone: it can be taken only because an earlier attempt made it.
        if "TAKEN" not in refusal.codes:
            raise
        found = find_card(run, order, budget_s=budget_s)
        if found is None:
            raise _not_found_yet(refusal) from None
        return found.gid
    return str(data["giftCardCreate"]["giftCard"]["id"])


def find_card(
    run: Run, order: CardOrder, *, budget_s: float = DEFAULT_BUDGET_S
) -> FoundCard | None:
    """Return the gift card with the order's code, or None; Shopify tells its last letters only."""
    nodes = run("find_gift_cards", {"query": order.code}, budget_s=budget_s)["giftCards"]["nodes"]
    last = order.code[-LAST_CHARACTERS:].lower()
    for node in nodes:
        if node["note"] == order.note and node["lastCharacters"].lower() == last:
            return _found(node, order.currency)
    return None


def known_card(
    run: Run, gid: str, currency: str, *, budget_s: float = DEFAULT_BUDGET_S
) -> FoundCard | None:
    """Return the gift card with this id, or None."""
    node = run("gift_card", {"id": gid}, budget_s=budget_s)["giftCard"]
    return _found(node, currency) if node else None


def deactivate_card(
    run: Run, gid: str, currency: str, *, budget_s: float = DEFAULT_BUDGET_S
) -> FoundCard:
    """Let nobody spend the gift card any more, for good, and return it; again: it is done."""
    data = run("deactivate_gift_card", {"id": gid}, repeatable=True, budget_s=budget_s)
    return _found(data["giftCardDeactivate"]["giftCard"], currency)


def _found(node: dict[str, Any], currency: str) -> FoundCard:
    balance_minor = to_minor(node["balance"]["amount"], currency)
    whole_minor = to_minor(node["initialValue"]["amount"], currency)
    return FoundCard(gid=node["id"], used=balance_minor < whole_minor, enabled=node["enabled"])


def _input(order: CardOrder) -> dict[str, Any]:
    amount = to_decimal_text(order.amount_minor, order.currency)
    asked: dict[str, Any] = {
        "initialAmount": {"amount": amount, "currencyCode": order.currency},
        "code": order.code,
        "customerId": f"gid://shopify/Customer/{order.customer_id}",
        "note": order.note,
    }
    return asked | ({"expiresOn": order.ends_on.isoformat()} if order.ends_on else {})


def _not_found_yet(refusal: ShopifyRefused) -> ShopifyUnavailable:
    # Shopify's search learns of a new card only after a moment.
    return ShopifyUnavailable(
        shop_domain=refusal.shop_domain,
        operation=refusal.operation,
        reason="taken_but_not_found",
        maybe_done=True,
    )
