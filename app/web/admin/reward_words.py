"""How a reward is called and what is said beneath it, in the reader's language."""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _

from app.domain.reward import DiscountRequest, reward_type
from app.web.admin.page import reader_locale
from app.web.locale.formats import money, points_text, whole


def type_title(type_name: str) -> str:
    """Return what a type of reward is called."""
    titles = {
        "amount_off": _("Amount off"),
        "percentage_off": _("Percentage off"),
        "free_shipping": _("Free shipping"),
    }
    return titles[type_name]


def reward_title(type_name: str, config: Mapping[str, Any], currency: str) -> str:
    """Return what shoppers get: "฿50 off", "10% off", "Free shipping"."""
    discount = reward_type(type_name).discount(config)
    return _discount_title(discount, currency)


def _discount_title(discount: DiscountRequest, currency: str) -> str:
    if discount.kind == "amount":
        return _("%(amount)s off", amount=money(discount.amount_minor, currency, reader_locale()))
    if discount.kind == "percentage":
        return _("%(percent)s%% off", percent=_percent(discount.percentage_bp))
    return _("Free shipping")


def _percent(basis_points: int) -> str:
    percents, rest = divmod(basis_points, 100)
    return f"{percents}.{rest:02d}".rstrip("0") if rest else whole(percents, reader_locale())


def reward_detail(
    type_name: str,
    config: Mapping[str, Any],
    points: int,
    *,
    currency: str,
    names: dict[str, dict[str, str]],
) -> str:
    """Return what it costs and on which orders: "500 petals · orders over ฿300"."""
    locale = reader_locale()
    cost = points_text(points, names, locale)
    minimum = reward_type(type_name).discount(config).minimum_subtotal_minor
    if not minimum:
        return cost
    return _(
        "%(cost)s · orders over %(minimum)s", cost=cost, minimum=money(minimum, currency, locale)
    )
