"""The part of a reward's form that all types have: words, who may have it, when, how often."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from wtforms import Form
from wtforms.validators import Length, NumberRange, Optional

from app.db.queries.picked_items import Names
from app.domain.reward import reward_type
from app.domain.reward_offer import MOST_DAYS, MOST_TIMES, RewardOffer
from app.domain.tiers import TierLevel
from app.web.admin.choice_fields import ChoicesField, DayField
from app.web.admin.lazy_text import lazy as _l
from app.web.admin.list_fields import PickedField, WordsField
from app.web.admin.polaris_fields import TextField, WholeNumberField
from app.web.admin.rules_form import picked

ONE_DAY, INSTANT = timedelta(days=1), timedelta(microseconds=1)
LANGUAGES = ("en", "th")
CODE_FIELDS = ("code_prefix", "code_days", "combines_with")
ITEM_FIELDS = ("product_ids", "collection_ids")
OFF_PRICES = ("amount_off", "percentage_off", "slider")
"""The types whose code can be for some products only."""


class OfferForm(Form):
    """What a reward offers to whom, besides what its type gives."""

    name_en = TextField(_l("Name in English"), [Optional(), Length(max=60)])
    detail_en = TextField(_l("A few words on it in English"), [Optional(), Length(max=120)])
    name_th = TextField(_l("Name in Thai"), [Optional(), Length(max=60)])
    detail_th = TextField(_l("A few words on it in Thai"), [Optional(), Length(max=120)])
    image_url = TextField(
        _l("Address of a picture"),
        [Optional(), Length(max=2_000)],
        description=_l("Copy the link of a picture in Content, Files. It is shown 40 pixels wide."),
    )
    stock = WholeNumberField(
        _l("How many are left"),
        [Optional(), NumberRange(0, MOST_TIMES, _l("Enter 0 or more."))],
        description=_l("Empty: no end. Every redemption takes one, an undo gives it back."),
    )
    member_limit = WholeNumberField(
        _l("Times for each customer"),
        [Optional(), NumberRange(1, MOST_TIMES, _l("Enter more than 0."))],
        description=_l("Empty: as often as they like."),
    )
    member_limit_days = WholeNumberField(
        _l("Within this many days"),
        [Optional(), NumberRange(1, MOST_DAYS, _l("Enter more than 0."))],
        description=_l("Empty: in all."),
    )
    tier_ids = ChoicesField(
        _l("Only for tiers"), description=_l("None chosen: for all members."), choices=()
    )
    customer_tags = WordsField(
        _l("Only for customers with one of these tags"),
        description=_l("Tags of the customer at Shopify. None: for all members."),
    )
    starts_on = DayField(_l("First day"), [Optional()])
    ends_on = DayField(_l("Last day"), [Optional()])
    product_ids = PickedField(_l("Only for these products"), kind="product")
    collection_ids = PickedField(_l("Only for these collections"), kind="collection")
    combines_with = ChoicesField(
        _l("Can be used together with other"),
        choices=(
            ("order", _l("discounts on the order")),
            ("product", _l("discounts on products")),
            ("shipping", _l("discounts on shipping")),
        ),
    )
    code_prefix = TextField(
        _l("Codes start with"),
        [Optional(), Length(max=6)],
        description=_l("Up to 6 letters and digits; the rest cannot be guessed."),
    )
    code_days = WholeNumberField(
        _l("Days that a code can be used"),
        [Optional(), NumberRange(1, MOST_DAYS, _l("Enter more than 0."))],
        description=_l("Empty: as many as all codes of the programme."),
    )


def fields_left_out(type_name: str) -> list[str]:
    """Return the fields of OfferForm that mean nothing for a type of reward."""
    is_code = reward_type(type_name).way == "discount_code"
    left_out = [] if is_code else list(CODE_FIELDS)
    return left_out if type_name in OFF_PRICES else [*left_out, *ITEM_FIELDS]


def offer_tiers(form: OfferForm, tiers: tuple[TierLevel, ...]) -> None:
    """Let the form choose from the programme's tiers; before it is filled."""
    form.tier_ids.choices = [(str(tier.id), tier.name) for tier in tiers]


def offer_data(offer: RewardOffer, type_name: str, zone: ZoneInfo, names: Names) -> dict[str, Any]:
    """Return an offer as the form's fields hold it."""
    told = {
        f"{part}_{language}": offer.words.get(language, {}).get(part, "")
        for language in LANGUAGES
        for part in ("name", "detail")
    }
    combines = offer.combines_with
    return told | {
        "image_url": offer.image_url or "",
        "stock": offer.stock,
        "member_limit": offer.member_limit,
        "member_limit_days": offer.member_limit_days,
        "tier_ids": [str(tier_id) for tier_id in offer.tier_ids],
        "customer_tags": list(offer.customer_tags),
        "starts_on": _day_of(offer.starts_at, zone),
        "ends_on": _day_of(offer.ends_at - INSTANT, zone) if offer.ends_at else None,
        "product_ids": [picked("product", each, names) for each in offer.product_ids],
        "collection_ids": [picked("collection", each, names) for each in offer.collection_ids],
        "combines_with": list(_usual(type_name) if combines is None else combines),
        "code_prefix": offer.code_prefix,
        "code_days": offer.code_days,
    }


def offer_of(form: OfferForm, zone: ZoneInfo) -> RewardOffer:
    """Return the offer as it was entered; fields that were left out keep their defaults."""
    usual = RewardOffer()
    words = {language: told for language in LANGUAGES if (told := _words(form, language))}
    return RewardOffer(
        words=words,
        image_url=form.image_url.data or None,
        stock=form.stock.data,
        member_limit=form.member_limit.data,
        member_limit_days=form.member_limit_days.data,
        tier_ids=tuple(int(tier_id) for tier_id in form.tier_ids.data or ()),
        customer_tags=tuple(form.customer_tags.data or ()),
        starts_at=_midnight(form.starts_on.data, zone),
        ends_at=_midnight(form.ends_on.data + ONE_DAY, zone) if form.ends_on.data else None,
        code_prefix=_entered(form, "code_prefix", "").upper() or usual.code_prefix,
        code_days=_entered(form, "code_days", None),
        combines_with=_tuple(form, "combines_with") if "combines_with" in form else None,
        product_ids=tuple(item.id for item in _tuple(form, "product_ids")),
        collection_ids=tuple(item.id for item in _tuple(form, "collection_ids")),
    )


def offer_error_sentences() -> Mapping[str, str]:
    """Return what to say for each fault that the domain finds in an offer."""
    return {
        "before_start": _("Choose a day after the first one."),
        "not_a_prefix": _("Enter up to 6 letters A to Z and digits."),
        "not_an_address": _("Enter an address that starts with https://."),
        "products_or_collections": _("Choose products or collections, not both."),
        "too_many": _("Choose fewer."),
        "below_least": _("Enter at least as many as the fewest."),
    }


OFFER_FIELDS = {"starts_at": "starts_on", "ends_at": "ends_on"}
"""Fields of the form that are named otherwise than what they set."""


def _usual(type_name: str) -> tuple[str, ...]:
    """Return what codes of a type combine with unless the merchant says otherwise."""
    usual = {
        "free_shipping": ("order", "product"),
        "free_product": ("order", "product", "shipping"),
    }
    return usual.get(type_name, ("product", "shipping"))


def _words(form: OfferForm, language: str) -> dict[str, str]:
    told = {part: form[f"{part}_{language}"].data for part in ("name", "detail")}
    return {part: text for part, text in told.items() if text}


def _entered(form: OfferForm, name: str, otherwise: Any) -> Any:  # noqa: ANN401 - as the field has it
    return form[name].data if name in form and form[name].data else otherwise


def _tuple(form: OfferForm, name: str) -> tuple[Any, ...]:
    return tuple(_entered(form, name, ()))


def _day_of(moment: datetime | None, zone: ZoneInfo) -> date | None:
    return moment.astimezone(zone).date() if moment else None


def _midnight(day: date | None, zone: ZoneInfo) -> datetime | None:
    return datetime.combine(day, time(), zone) if day else None
