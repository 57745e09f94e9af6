"""The redemptions of a member: what became of each, and what can be done with it now."""

from collections.abc import Mapping
from typing import Any

from app.db.encryption import Vault
from app.db.queries.redemptions import RedemptionRow
from app.domain.eligibility import Obstacle
from app.domain.redeeming import HOLDING
from app.domain.reward import reward_type
from app.domain.ways import WAYS
from app.web.panel.reader import Holder
from app.web.panel.shelf import Shelf
from app.words.formats import points_text
from app.words.rewards import reward_title


def redemption(
    holder: Holder,
    row: RedemptionRow,
    vault: Vault,
    *,
    products: Mapping[int, str],
    hint: str = "",
) -> dict[str, Any]:
    """Return a redemption: what to say of it, and its code once there is one to show.

    `products` names product variants, `hint` says what the cart lacks; see `missing_in_cart`.
    """
    ready = row.state == "ready"
    way = WAYS[row.way]
    title = redemption_title(holder, row, products)
    shown = {
        "id": str(row.id),
        "title": title,
        "state": row.state,
        "open": row.state in HOLDING,
        "waits": row.state in ("held", "releasing"),
        "undo": row.state in ("held", "ready") and way.undone_by_shopper,
        "cart": ready and way.code == "discount",
        "text": _text(holder, row, title),
    }
    if ready and way.code != "none" and row.code is not None:
        shown["code"] = vault.decrypt(row.code)
    if ready and way.code == "discount":
        day = holder.day(row.expires_at)
        shown["expires"] = holder.words.gettext("until %(day)s", day=day)
        shown["hint"] = hint
    if "variant_id" in row.choice:
        shown["variant"] = str(row.choice["variant_id"])
    return shown


def missing_in_cart(shelf: Shelf, row: RedemptionRow) -> str:
    """Return what the cart lacks for the code to count, where the page said what it holds."""
    worth = reward_type(row.terms["type"]).worth(row.terms["config"], row.choice)
    if shelf.subtotal_minor is None:
        return ""
    missing = worth.minimum_subtotal_minor - shelf.subtotal_minor
    if missing <= 0:
        return ""
    return shelf.reasons.of(Obstacle(code="subtotal", missing_minor=missing))


def redemption_title(holder: Holder, row: RedemptionRow, products: Mapping[int, str]) -> str:
    """Return what was bought, as it was when it was bought."""
    terms = row.terms
    return reward_title(
        holder.words,
        terms["type"],
        terms["config"],
        holder.program.currency,
        choice=row.choice,
        own_words=terms.get("offer", {}).get("words", {}),
        products=products,
    )


def _text(holder: Holder, row: RedemptionRow, title: str) -> str:
    _ = holder.words.gettext
    if row.state == "held":
        return _("Getting your reward…")
    if row.state == "releasing":
        return _("Giving your points back…")
    if row.state == "released":
        return _back(holder, row)
    if row.way == "donation":
        return _("Thank you: %(reward)s is on its way", reward=title)
    if row.state == "used":
        return _("%(reward)s was used", reward=title)
    return {
        "discount_code": _("%(reward)s is ready for your cart", reward=title),
        "store_credit": _("%(reward)s is in your account", reward=title),
        "gift_card": _("%(reward)s: use its code in checkout, or give it away", reward=title),
        "by_staff": _("%(reward)s: the shop knows and takes care of it", reward=title),
    }[row.way]


def _back(holder: Holder, row: RedemptionRow) -> str:
    words = holder.words
    points = points_text(row.points, holder.program.points_name, words.locale)
    return words.ngettext("%(points)s is back", "%(points)s are back", row.points, points=points)
