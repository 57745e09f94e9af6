"""How shoppers read a reward: what it is, what it costs, why it cannot be had yet."""

from collections.abc import Mapping
from typing import Any

from app.domain.reward import DiscountRequest, reward_type
from app.words.catalogue import Words
from app.words.formats import money, points_text, whole

ICONS = {"amount": "tag", "percentage": "percent", "free_shipping": "truck"}

PointsName = dict[str, dict[str, str]]


def reward_title(words: Words, type_name: str, config: Mapping[str, Any], currency: str) -> str:
    """Return what the shopper gets: "฿50 off", "10% off", "Free shipping"."""
    discount = reward_type(type_name).discount(config)
    if discount.kind == "amount":
        amount = money(discount.amount_minor, currency, words.locale)
        return words.gettext("%(amount)s off", amount=amount)
    if discount.kind == "percentage":
        return words.gettext("%(percent)s%% off", percent=_percent(words, discount))
    return words.gettext("Free shipping")


def reward_icon(type_name: str, config: Mapping[str, Any]) -> str:
    """Return which of the widget's icons stands for the reward."""
    return ICONS[reward_type(type_name).discount(config).kind]


def reward_detail(
    words: Words,
    type_name: str,
    config: Mapping[str, Any],
    points: int,
    *,
    currency: str,
    points_name: PointsName,
) -> str:
    """Return what it costs and on which orders: "500 petals · orders over ฿300"."""
    cost = points_text(points, points_name, words.locale)
    minimum_minor = reward_type(type_name).discount(config).minimum_subtotal_minor
    if not minimum_minor:
        return cost
    minimum = money(minimum_minor, currency, words.locale)
    return words.gettext("%(cost)s · orders over %(minimum)s", cost=cost, minimum=minimum)


def _percent(words: Words, discount: DiscountRequest) -> str:
    percents, rest = divmod(discount.percentage_bp, 100)
    return f"{percents}.{rest:02d}".rstrip("0") if rest else whole(percents, words.locale)
