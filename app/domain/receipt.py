"""A receipt: how an award was reckoned, with all that is needed to draw it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from app.domain.award import Pin, ReceiptLine
from app.domain.points import FULL_BP
from app.domain.program_rules import ProgramRules, Rounding

OPTIONAL = ("full_minor", "detail")
"""What a stored line leaves out where it says nothing new."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """The reckoning of one award, line by line, and the terms of it.

    points = spend_minor x points_per_unit / unit_minor x multiplier_bp / 10,000, rounded once.
    """

    lines: tuple[ReceiptLine, ...]
    points: int
    spend_minor: int
    points_per_unit: int
    unit_minor: int
    multiplier_bp: int
    rounding: Rounding
    rounded_off_bp: int
    """What rounding took, in ten-thousandths of a point, rounded down; below 0: what it gave."""


def stored_line(line: ReceiptLine) -> dict[str, Any]:
    """Return a line as an award keeps it in JSON; see `OPTIONAL`."""
    stored: dict[str, Any] = {
        "kind": line.kind,
        "title": line.title,
        "quantity": line.quantity,
        "amount_minor": line.amount_minor,
        "points": line.points,
    }
    if line.full_minor != line.amount_minor:
        stored["full_minor"] = line.full_minor
    if line.detail:
        stored["detail"] = line.detail
    return stored


def read_lines(stored: Iterable[Mapping[str, Any]]) -> tuple[ReceiptLine, ...]:
    """Return the lines that an award keeps."""
    return tuple(ReceiptLine(**{"full_minor": line["amount_minor"], **line}) for line in stored)


def receipt_of(lines: Iterable[ReceiptLine], rules: ProgramRules, pin: Pin) -> Receipt:
    """Return the receipt of an award from its lines and the rules that it is pinned to."""
    lines = tuple(lines)
    points = sum(line.points for line in lines)
    spend_minor = sum(line.amount_minor for line in lines)
    exact = spend_minor * rules.points_per_unit * pin.multiplier_bp
    earned_by_spend = any(line.amount_minor for line in lines)
    off = exact - points * rules.unit_minor * FULL_BP if earned_by_spend else 0
    return Receipt(
        lines=lines,
        points=points,
        spend_minor=spend_minor,
        points_per_unit=rules.points_per_unit,
        unit_minor=rules.unit_minor,
        multiplier_bp=pin.multiplier_bp,
        rounding=rules.rounding,
        rounded_off_bp=off // rules.unit_minor,
    )
