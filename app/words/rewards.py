"""How shoppers read a reward: what it is, what it costs, why it cannot be had yet."""

from collections.abc import Callable, Mapping
from typing import Any

from app.domain.reward import Worth, WorthKind, reward_type
from app.domain.reward_choice import NOTHING
from app.words.catalogue import Words
from app.words.formats import money, points_text, whole

ICONS = {
    "amount": "tag",
    "slider": "tag",
    "percentage": "percent",
    "free_shipping": "truck",
    "free_product": "gift",
    "store_credit": "wallet",
    "gift_card": "card",
    "donation": "heart",
    "by_staff": "star",
}
"""The widget's icons, by what a reward gives."""

NOTHING_NAMED: Mapping[int, str] = {}
PointsName = dict[str, dict[str, str]]


def reward_title(
    words: Words,
    type_name: str,
    config: Mapping[str, Any],
    currency: str,
    *,
    choice: Mapping[str, Any] = NOTHING,
    own_words: Mapping[str, Mapping[str, str]] = NOTHING,
    products: Mapping[int, str] = NOTHING_NAMED,
) -> str:
    """Return what the shopper gets: "฿50 off", "10% off", or what the merchant calls it.

    `products` names product variants; one that was picked, or is alone, is called by its own name.
    """
    worth = reward_type(type_name).worth(config, choice)
    product = products.get(worth.variant_id or _only_variant(config))
    own = own_words.get(str(words.locale), {}).get("name", "")
    if choice.get("variant_id") and product:
        return product
    if own and not (choice and type_name == "slider"):
        return own
    return product or _TITLES[worth.kind](words, worth, currency)


def reward_icon(type_name: str, config: Mapping[str, Any]) -> str:
    """Return which of the widget's icons stands for the reward."""
    return ICONS[reward_type(type_name).worth(config, NOTHING).kind]


def reward_detail(
    words: Words,
    type_name: str,
    config: Mapping[str, Any],
    points: int,
    *,
    currency: str,
    points_name: PointsName,
    own_words: Mapping[str, Mapping[str, str]] = NOTHING,
) -> str:
    """Return what it costs and on which orders: "500 petals · orders over ฿300".

    What the merchant says about it comes first.
    """
    worth = reward_type(type_name).worth(config, NOTHING)
    cost = points_text(points, points_name, words.locale)
    if worth.kind == "slider":
        amount = money(worth.amount_minor, currency, words.locale)
        cost = words.gettext("%(cost)s for each %(amount)s", cost=cost, amount=amount)
    if worth.minimum_subtotal_minor:
        minimum = money(worth.minimum_subtotal_minor, currency, words.locale)
        cost = words.gettext("%(cost)s · orders over %(minimum)s", cost=cost, minimum=minimum)
    own = own_words.get(str(words.locale), {}).get("detail", "")
    return f"{own} · {cost}" if own else cost


def _only_variant(config: Mapping[str, Any]) -> int:
    variants = list(config.get("variant_ids", ()))
    return variants[0] if len(variants) == 1 else 0


def _amount_off(words: Words, worth: Worth, currency: str) -> str:
    amount = money(worth.amount_minor, currency, words.locale)
    return words.gettext("%(amount)s off", amount=amount)


def _slider(words: Words, worth: Worth, currency: str) -> str:
    return words.gettext("Money off, as much as you like")


def _percentage_off(words: Words, worth: Worth, currency: str) -> str:
    return words.gettext("%(percent)s%% off", percent=_percent(words, worth))


def _free_shipping(words: Words, worth: Worth, currency: str) -> str:
    return words.gettext("Free shipping")


def _free_product(words: Words, worth: Worth, currency: str) -> str:
    return words.gettext("Free product")


def _store_credit(words: Words, worth: Worth, currency: str) -> str:
    amount = money(worth.amount_minor, currency, words.locale)
    return words.gettext("%(amount)s store credit", amount=amount)


def _gift_card(words: Words, worth: Worth, currency: str) -> str:
    amount = money(worth.amount_minor, currency, words.locale)
    return words.gettext("%(amount)s gift card", amount=amount)


def _donation(words: Words, worth: Worth, currency: str) -> str:
    if not worth.amount_minor:
        return words.gettext("Give to %(cause)s", cause=worth.text)
    amount = money(worth.amount_minor, currency, words.locale)
    return words.gettext("Give %(amount)s to %(cause)s", amount=amount, cause=worth.text)


def _by_staff(words: Words, worth: Worth, currency: str) -> str:
    return worth.text


_TITLES: Mapping[WorthKind, Callable[[Words, Worth, str], str]] = {
    "amount": _amount_off,
    "slider": _slider,
    "percentage": _percentage_off,
    "free_shipping": _free_shipping,
    "free_product": _free_product,
    "store_credit": _store_credit,
    "gift_card": _gift_card,
    "donation": _donation,
    "by_staff": _by_staff,
}


def _percent(words: Words, worth: Worth) -> str:
    percents, rest = divmod(worth.percentage_bp, 100)
    return f"{percents}.{rest:02d}".rstrip("0") if rest else whole(percents, words.locale)
