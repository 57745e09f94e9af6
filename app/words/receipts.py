"""Receipts in plain words: what counted, what did not and why, and how the points come of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from babel.numbers import format_decimal

from app.domain.award import ReceiptLine
from app.domain.points import FULL_BP
from app.domain.receipt import Receipt
from app.words.catalogue import Words
from app.words.formats import money, points_unit, signed, whole
from app.words.rewards import PointsName


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiptTerms:
    """What the words need to know besides the receipt."""

    currency: str
    points_name: PointsName
    tier_name: str | None = None
    """The tier whose multiplier counted."""
    collections: Mapping[int, str] = field(default_factory=dict)
    """The names of excluded collections, by Shopify's id."""
    for_staff: bool = False
    """Staff read why a customer earns nothing; the customer does not read their own tags."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiptText:
    """One finished line."""

    text: str
    points: str


def receipt_lines(words: Words, receipt: Receipt, terms: ReceiptTerms) -> list[ReceiptText]:
    """Return a line for each thing of the receipt, with its points."""
    return [
        ReceiptText(text=_line(words, line, terms), points=signed(line.points, words.locale))
        for line in receipt.lines
    ]


def receipt_sums(words: Words, receipt: Receipt, terms: ReceiptTerms) -> list[str]:
    """Return how the points come of what counted: the rate, the multiplier, the rounding."""
    if not receipt.spend_minor:
        return []
    sums = [_rate(words, receipt, terms)]
    if receipt.rounded_off_bp > 0:
        sums.append(
            words.gettext(
                "%(part)s of a %(unit)s dropped by rounding.",
                part=_part(words, receipt.rounded_off_bp),
                unit=points_unit(1, terms.points_name, words.locale),
            )
        )
    elif receipt.rounded_off_bp < 0:
        sums.append(
            words.gettext(
                "%(part)s of a %(unit)s added by rounding.",
                part=_part(words, -receipt.rounded_off_bp),
                unit=points_unit(1, terms.points_name, words.locale),
            )
        )
    return sums


def _rate(words: Words, receipt: Receipt, terms: ReceiptTerms) -> str:
    locale = words.locale
    values = {
        "spend": money(receipt.spend_minor, terms.currency, locale),
        "points": whole(receipt.points_per_unit, locale),
        "unit": points_unit(receipt.points_per_unit, terms.points_name, locale),
        "amount": money(receipt.unit_minor, terms.currency, locale),
    }
    if receipt.multiplier_bp == FULL_BP:
        return words.gettext("%(spend)s at %(points)s %(unit)s for every %(amount)s.", **values)
    values["times"] = _part(words, receipt.multiplier_bp)
    if terms.tier_name is None:
        return words.gettext(
            "%(spend)s at %(points)s %(unit)s for every %(amount)s, times %(times)s.", **values
        )
    return words.gettext(
        "%(spend)s at %(points)s %(unit)s for every %(amount)s, times %(times)s in %(tier)s.",
        tier=terms.tier_name,
        **values,
    )


def _part(words: Words, basis_points: int) -> str:
    return str(format_decimal(Decimal(basis_points) / FULL_BP, "#,##0.####", words.locale))


def _line(words: Words, line: ReceiptLine, terms: ReceiptTerms) -> str:
    if line.kind == "line":
        return _counted(words, line, terms)
    if line.kind in ("shipping", "amount_refund", "unpaid_part"):
        return _whole_order(words, line, terms)
    why = _why_not(words, line, terms)
    return f"{line.title} · {why}" if line.title else why[:1].upper() + why[1:]


def _counted(words: Words, line: ReceiptLine, terms: ReceiptTerms) -> str:
    what = f"{line.title} × {whole(line.quantity, words.locale)}"
    amount = money(line.amount_minor, terms.currency, words.locale)
    if line.full_minor == line.amount_minor:
        return f"{what} · {amount}"
    full = money(line.full_minor, terms.currency, words.locale)
    left = words.gettext("%(amount)s left of %(full)s", amount=amount, full=full)
    return f"{what} · {left}"


def _whole_order(words: Words, line: ReceiptLine, terms: ReceiptTerms) -> str:
    minor = line.full_minor if line.kind == "amount_refund" else line.amount_minor
    amount = money(abs(minor), terms.currency, words.locale)
    if line.kind == "amount_refund":
        return words.gettext("%(amount)s given back, taken off every item", amount=amount)
    if line.kind == "unpaid_part":
        return words.gettext("Not paid yet · %(amount)s", amount=amount)
    return words.gettext("Shipping · %(amount)s", amount=amount)


def _why_not(words: Words, line: ReceiptLine, terms: ReceiptTerms) -> str:
    _ = words.gettext
    texts = {
        "removed": _("returned"),
        "free": _("free"),
        "gift_card": _("gift cards earn nothing"),
        "tip": _("tips earn nothing"),
        "excluded_product": _("earns nothing in this shop"),
        "excluded_collection": _collection(words, line, terms),
        "excluded_tag": _("items marked “%(tag)s” earn nothing", tag=line.detail),
        "excluded_customer": _("orders of this account earn nothing"),
        "excluded_code": _("orders with the code %(code)s earn nothing", code=line.detail),
        "guest": _("ordered without an account"),
        "test": _("a test order earns nothing"),
        "cancelled": _("the order was cancelled"),
        "deleted": _("the order was deleted"),
        "no_customer": _("the order no longer belongs to a customer"),
        "not_paid": _("the order is not paid yet"),
        "not_fulfilled": _("the order is not sent yet"),
        "sign_up": _("for joining"),
        "manual": _("a gift from the shop"),
        "tier_entry": _("for reaching %(tier)s", tier=line.detail),
        "tier_yearly": _("for another year of %(tier)s", tier=line.detail),
        "birthday": _("for your birthday"),
    }
    if line.kind == "excluded_customer" and terms.for_staff:
        return _("customers tagged “%(tag)s” earn nothing", tag=line.detail)
    return texts.get(line.kind, line.kind)


def _collection(words: Words, line: ReceiptLine, terms: ReceiptTerms) -> str:
    name = terms.collections.get(int(line.detail)) if line.detail.isdecimal() else None
    if name is None:
        return words.gettext("earns nothing in this shop")
    return words.gettext("“%(collection)s” earns nothing", collection=name)
