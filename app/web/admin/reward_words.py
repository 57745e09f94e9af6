"""Rewards as staff read them: in the shopper's words, plus what their types are called."""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _

from app.db.queries.programs import ProgramRow
from app.domain.reward_choice import NOTHING
from app.web.admin.page import reader_locale
from app.words import rewards
from app.words.catalogue import Words, words_for
from app.words.rewards import NOTHING_NAMED


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


def type_sentence(type_name: str) -> str:
    """Return what a type of reward does, in one sentence."""
    sentences = {
        "amount_off": _("Takes a fixed amount off an order."),
        "percentage_off": _("Takes a share off an order."),
        "slider": _("Customers choose how many points to spend; every step takes more off."),
        "free_shipping": _("Takes the shipping off an order."),
        "free_product": _("Gives one product of a set that you choose."),
        "store_credit": _("Puts money into the customer's account at your store."),
        "gift_card": _("Makes a gift card to use or to give away."),
        "donation": _("Turns points into a gift to a cause that you support."),
        "by_staff": _("Something that your staff do: a class, early access, a repair."),
    }
    return sentences[type_name]


def type_needs(type_name: str) -> str:
    """Return what a type needs of the store before customers can have it, or nothing."""
    needs = {
        "store_credit": _("Needs new customer accounts, where customers see their credit."),
        "gift_card": _("Needs gift cards switched on in your store."),
        "by_staff": _("Your staff find what to do on a list here."),
    }
    return needs.get(type_name, "")


def reward_title(
    type_name: str,
    config: Mapping[str, Any],
    program: ProgramRow,
    *,
    choice: Mapping[str, Any] = NOTHING,
    own_words: Mapping[str, Mapping[str, str]] = NOTHING,
    products: Mapping[int, str] = NOTHING_NAMED,
) -> str:
    """Return what shoppers get: "฿50 off", "10% off", or what the merchant calls it."""
    return rewards.reward_title(
        _words(),
        type_name,
        config,
        program.currency,
        choice=choice,
        own_words=own_words,
        products=products,
    )


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
