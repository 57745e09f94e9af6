"""Earning rules in the reader's words, setting by setting, for two sets beside each other."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from babel.lists import format_list
from flask_babel import gettext as _
from flask_babel import ngettext

from app.db.queries.picked_items import Names
from app.domain.program_rules import ProgramRules
from app.web.admin.page import reader_locale
from app.words.formats import money, whole


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleChange:
    """One setting in which two sets of rules differ, finished."""

    setting: str
    live: str
    draft: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleTerms:
    """What the words need to know besides the rules."""

    currency: str
    picked: Names


Words = Callable[[ProgramRules, RuleTerms], str]


def rule_changes(live: ProgramRules, draft: ProgramRules, terms: RuleTerms) -> list[RuleChange]:
    """Return the settings in which the draft differs from the live rules, the important first."""
    changes = []
    for setting, words in _settings():
        before, after = words(live, terms), words(draft, terms)
        if before != after:
            changes.append(RuleChange(setting=setting, live=before, draft=after))
    return changes


def _settings() -> list[tuple[str, Words]]:
    return [
        (_("Rate"), _rate),
        (_("An order earns when it is"), _earn_on),
        (_("Points for signing up"), lambda rules, _terms: _number(rules.sign_up_points)),
        (_("Days until points can be used"), lambda rules, _terms: _number(rules.pending_days)),
        (_("Unused points expire"), _expiry),
        (_("Days before, on which shoppers are warned"), _warnings),
        (_("Tax counts as spend"), lambda rules, _terms: _yes(rules.include_tax)),
        (_("Shipping counts as spend"), lambda rules, _terms: _yes(rules.include_shipping)),
        (_("Parts of a point are"), _rounding),
        (_("Orders placed without signing in"), _guests),
        (_("Products that earn nothing"), _items("product", "excluded_product_ids")),
        (
            _("Collections whose products earn nothing"),
            _items("collection", "excluded_collection_ids"),
        ),
        (_("Product tags that earn nothing"), _words("excluded_product_tags")),
        (_("Customer tags that earn nothing"), _words("excluded_customer_tags")),
        (_("Discount codes that earn nothing"), _words("excluded_discount_codes")),
        (_("Points already spent when an order is refunded"), _debt),
        (_("Points used on an order that is refunded"), _returns),
        (_("Points for a code that was never used"), _lapse),
        (_("Days that a code can be used"), lambda rules, _terms: _number(rules.code_days)),
    ]


def _number(number: int) -> str:
    return whole(number, reader_locale())


def _yes(value: bool) -> str:
    return _("yes") if value else _("no")


def _rate(rules: ProgramRules, terms: RuleTerms) -> str:
    locale = reader_locale()
    return ngettext(
        "%(points)s point for every %(amount)s",
        "%(points)s points for every %(amount)s",
        rules.points_per_unit,
        points=whole(rules.points_per_unit, locale),
        amount=money(rules.unit_minor, terms.currency, locale),
    )


def _earn_on(rules: ProgramRules, _terms: RuleTerms) -> str:
    return _("fulfilled") if rules.earn_on == "fulfilled" else _("paid")


def _expiry(rules: ProgramRules, _terms: RuleTerms) -> str:
    months, days = rules.expiry_months, rules.expiry_days
    if days is not None:
        return _days_until_expiry(rules, days)
    if months is None:
        return _("never")
    if rules.expiry_mode == "inactivity":
        return ngettext(
            "all, after %(num)d month without activity",
            "all, after %(num)d months without activity",
            months,
        )
    return ngettext(
        "%(num)d month after they could be used", "%(num)d months after they could be used", months
    )


def _days_until_expiry(rules: ProgramRules, days: int) -> str:
    if rules.expiry_mode == "inactivity":
        return ngettext(
            "all, after %(num)d day without activity",
            "all, after %(num)d days without activity",
            days,
        )
    return ngettext(
        "%(num)d day after they could be used", "%(num)d days after they could be used", days
    )


def _warnings(rules: ProgramRules, _terms: RuleTerms) -> str:
    return _list([_number(days) for days in rules.warning_days])


def _rounding(rules: ProgramRules, _terms: RuleTerms) -> str:
    rounded = _("rounded to the nearest whole point")
    return rounded if rules.rounding == "half_up" else _("dropped")


def _guests(rules: ProgramRules, _terms: RuleTerms) -> str:
    return _("earn nothing") if rules.guests == "signed_in_only" else _("earn")


def _items(kind: str, setting: str) -> Words:
    def words(rules: ProgramRules, terms: RuleTerms) -> str:
        ids: Sequence[int] = getattr(rules, setting)
        return _list([terms.picked.get((kind, item_id), str(item_id)) for item_id in ids])

    return words


def _words(setting: str) -> Words:
    def words(rules: ProgramRules, _terms: RuleTerms) -> str:
        return _list(getattr(rules, setting))

    return words


def _list(things: Sequence[Any]) -> str:
    return str(format_list(things, locale=reader_locale())) if things else _("none")


def _debt(rules: ProgramRules, _terms: RuleTerms) -> str:
    owed = _("are owed and filled by later orders")
    return owed if rules.debt_policy == "owe" else _("are written off: the balance stops at zero")


def _returns(rules: ProgramRules, _terms: RuleTerms) -> str:
    choices = {
        "proportional": _("come back in proportion to the refund"),
        "full_only": _("come back when the whole order is refunded"),
        "never": _("do not come back"),
    }
    return choices[rules.return_policy]


def _lapse(rules: ProgramRules, _terms: RuleTerms) -> str:
    back = _("come back when the code expires")
    return back if rules.lapse_policy == "return" else _("do not come back")
