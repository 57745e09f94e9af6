"""Rewards as staff read them: in the shopper's words, plus what their types are called."""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _

from app.db.queries.programs import ProgramRow
from app.web.admin.page import reader_locale
from app.words import rewards
from app.words.catalogue import Words, words_for


def type_title(type_name: str) -> str:
    """Return what a type of reward is called."""
    titles = {
        "amount_off": _("Amount off"),
        "percentage_off": _("Percentage off"),
        "slider": _("Amount off, as much as they like"),
        "free_shipping": _("Free shipping"),
        "free_product": _("Free product"),
        "store_credit": _("Store credit"),
        "gift_card": _("Gift card"),
        "donation": _("Donation"),
        "by_staff": _("Done by staff"),
    }
    return titles[type_name]


def reward_title(type_name: str, config: Mapping[str, Any], program: ProgramRow) -> str:
    """Return what shoppers get: "฿50 off", "10% off", "Free shipping"."""
    return rewards.reward_title(_words(), type_name, config, program.currency)


def reward_detail(
    type_name: str, config: Mapping[str, Any], points: int, program: ProgramRow
) -> str:
    """Return what it costs and on which orders: "500 petals · orders over ฿300"."""
    return rewards.reward_detail(
        _words(),
        type_name,
        config,
        points,
        currency=program.currency,
        points_name=program.points_name,
    )


def _words() -> Words:
    return words_for(str(reader_locale()))
