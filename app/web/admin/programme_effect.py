"""Says in sentences what earning rules and tiers do for a shopper."""

from collections.abc import Sequence
from datetime import UTC, datetime

from flask_babel import gettext as _

from app.domain.award import Pin, reckon_order
from app.domain.order_snapshot import OrderLine, OrderSnapshot
from app.domain.program_defaults import TierDraft, round_unit_minor
from app.domain.program_rules import ProgramRules
from app.web.admin.page import reader_locale
from app.words.formats import money, points_text

EXAMPLE_UNITS = 48
"""The example order is this many round units: ฿1,200, $48."""


def programme_effect(
    rules: ProgramRules,
    tiers: Sequence[TierDraft],
    *,
    currency: str,
    names: dict[str, dict[str, str]],
) -> list[str]:
    """Return sentences such as "A ฿1,200 order earns 1,200 petals", reckoned by the real rules."""
    locale = reader_locale()
    spend_minor = EXAMPLE_UNITS * round_unit_minor(currency)
    order = money(spend_minor, currency, locale)
    sentences = []
    for tier in sorted(tiers, key=lambda tier: tier.threshold_minor):
        pin = Pin(rule_version_id=0, tier_id=tier.id, multiplier_bp=tier.multiplier_bp)
        points = reckon_order(_example_order(spend_minor, currency), rules, pin).points
        sentences.append(
            _(
                "%(tier)s, from %(from_)s a year: a %(order)s order earns %(points)s.",
                tier=tier.name,
                from_=money(tier.threshold_minor, currency, locale),
                order=order,
                points=points_text(points, names, locale),
            )
        )
    if rules.sign_up_points:
        welcome = points_text(rules.sign_up_points, names, locale)
        sentences.append(_("Signing up brings %(points)s.", points=welcome))
    sentences.append(_waiting(rules))
    sentences.append(_expiry(rules))
    return sentences


def _waiting(rules: ProgramRules) -> str:
    if not rules.pending_days:
        return _("Points can be used at once.")
    return _("Points can be used after %(days)d days.", days=rules.pending_days)


def _expiry(rules: ProgramRules) -> str:
    if rules.expiry_months is None:
        return _("Points never expire.")
    return _("Points expire %(months)d months later.", months=rules.expiry_months)


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
        customer_id=1,
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
