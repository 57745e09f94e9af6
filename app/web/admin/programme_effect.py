"""Says in sentences what earning rules and tiers do for a shopper."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from babel.lists import format_list
from flask_babel import gettext as _
from flask_babel import ngettext

from app.db.queries.picked_items import Names
from app.domain.award import Pin, reckon_order
from app.domain.order_snapshot import OrderLine, OrderSnapshot
from app.domain.point_value import PointValue
from app.domain.program_defaults import TierDraft, round_unit_minor
from app.domain.program_rules import ProgramRules, points_expire
from app.domain.tiers import TierLevel
from app.web.admin.page import reader_locale
from app.words.formats import money, points_text, whole

EXAMPLE_UNITS = 48
"""The example order is this many round units: ฿1,200, $48."""
NAMED_MAX = 3
"""So many excluded things are named; of the others only the number is said."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EffectTerms:
    """What the sentences need to know besides the rules."""

    tiers: Sequence[TierDraft | TierLevel]
    currency: str
    points_name: dict[str, dict[str, str]]
    value: PointValue | None
    """What points buy; None when no reward says."""
    picked: Names
    """The names of excluded products and collections."""


def programme_effect(rules: ProgramRules, terms: EffectTerms) -> list[str]:
    """Return sentences such as "A ฿1,200 order earns 48 petals", reckoned by the real rules."""
    sentences = [
        _tier(rules, tier, terms) for tier in sorted(terms.tiers, key=lambda t: t.threshold or 0)
    ]
    if rules.sign_up_points:
        welcome = points_text(rules.sign_up_points, terms.points_name, reader_locale())
        sentences.append(_("Signing up brings %(points)s.", points=welcome))
    if rules.earn_on == "fulfilled":
        sentences.append(_("An order earns once all of it is fulfilled."))
    sentences += _counting(rules)
    sentences += _exclusions(rules, terms)
    sentences += [_waiting(rules), _expiry(rules)]
    if points_expire(rules) and rules.warning_days:
        sentences.append(_warnings(rules))
    return sentences


def _tier(rules: ProgramRules, tier: TierDraft | TierLevel, terms: EffectTerms) -> str:
    locale = reader_locale()
    spend_minor = EXAMPLE_UNITS * round_unit_minor(terms.currency)
    pin = Pin(rule_version_id=0, tier_id=tier.id, multiplier_bp=tier.multiplier_bp)
    points = reckon_order(_example_order(spend_minor, terms.currency), rules, pin).points
    words = {
        "tier": tier.name,
        "order": money(spend_minor, terms.currency, locale),
        "points": points_text(points, terms.points_name, locale),
    }
    if terms.value is None:
        return _("%(tier)s: a %(order)s order earns %(points)s.", **words)
    worth = money(terms.value.of(points), terms.currency, locale)
    return _(
        "%(tier)s: a %(order)s order earns %(points)s, worth %(worth)s.",
        worth=worth,
        **words,
    )


def _counting(rules: ProgramRules) -> list[str]:
    if rules.include_tax and rules.include_shipping:
        return [_("Tax and shipping count as spend.")]
    if rules.include_tax:
        return [_("Tax counts as spend, shipping does not.")]
    if rules.include_shipping:
        return [_("Shipping counts as spend, tax does not.")]
    return []


def _exclusions(rules: ProgramRules, terms: EffectTerms) -> list[str]:
    sentences = []
    left_out = [
        *(f"“{terms.picked.get(('product', i), i)}”" for i in rules.excluded_product_ids),
        *(f"“{terms.picked.get(('collection', i), i)}”" for i in rules.excluded_collection_ids),
        *(_("products tagged “%(tag)s”", tag=tag) for tag in rules.excluded_product_tags),
    ]
    if left_out:
        sentences.append(_("Nothing is earned by %(things)s.", things=_listed(left_out)))
    codes = [f"“{code}”" for code in rules.excluded_discount_codes]
    if codes:
        sentences.append(_("Orders with the code %(codes)s earn nothing.", codes=_listed(codes)))
    tags = [f"“{tag}”" for tag in rules.excluded_customer_tags]
    if tags:
        sentences.append(_("Customers tagged %(tags)s earn nothing.", tags=_listed(tags)))
    if rules.guests == "signed_in_only":
        sentences.append(_("Guests earn nothing until they have an account."))
    return sentences


def _listed(things: Sequence[str]) -> str:
    """Return the first few by name and the number of the others: "“A”, “B”, “C” or 4 more"."""
    named = list(things[:NAMED_MAX])
    more = len(things) - len(named)
    if more:
        named.append(ngettext("%(num)d more", "%(num)d more", more))
    return str(format_list(named, style="or", locale=reader_locale()))


def _waiting(rules: ProgramRules) -> str:
    if not rules.pending_days:
        return _("Points can be used at once.")
    return _("Points can be used after %(days)d days.", days=rules.pending_days)


def _expiry(rules: ProgramRules) -> str:
    months, days = rules.expiry_months, rules.expiry_days
    if days is not None:
        return _days_until_expiry(rules, days)
    if months is None:
        return _("Points never expire.")
    if rules.expiry_mode == "inactivity":
        return ngettext(
            "The whole balance expires after %(num)d month without earning or spending.",
            "The whole balance expires after %(num)d months without earning or spending.",
            months,
        )
    return ngettext(
        "Points expire %(num)d month later.", "Points expire %(num)d months later.", months
    )


def _days_until_expiry(rules: ProgramRules, days: int) -> str:
    if rules.expiry_mode == "inactivity":
        return ngettext(
            "The whole balance expires after %(num)d day without earning or spending.",
            "The whole balance expires after %(num)d days without earning or spending.",
            days,
        )
    return ngettext("Points expire %(num)d day later.", "Points expire %(num)d days later.", days)


def _warnings(rules: ProgramRules) -> str:
    locale = reader_locale()
    days = [whole(number, locale) for number in rules.warning_days]
    listed = str(format_list(days, locale=locale))
    return _("Shoppers are warned %(days)s days before.", days=listed)


def _example_order(spend_minor: int, currency: str) -> OrderSnapshot:
    moment = datetime(2000, 1, 1, tzinfo=UTC)
    line = OrderLine(
        line_id=1,
        product_id=None,
        title="",
        quantity=1,
        current_quantity=1,
        gross_minor=spend_minor,
        discount_minor=0,
        tax_minor=0,
    )
    return OrderSnapshot(
        order_id=1,
        name="",
        customer_id=None,
        currency=currency,
        created_at=moment,
        processed_at=moment,
        updated_at=moment,
        financial_status="paid",
        fulfilled=True,
        cancelled_at=None,
        test=False,
        taxes_included=False,
        lines=(line,),
        shipping_minor=0,
        shipping_tax_minor=0,
    )
