"""The earning rules of a programme, as one immutable value that a rule version keeps."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

EarnOn = Literal["paid", "fulfilled"]
Rounding = Literal["down", "half_up"]
DebtPolicy = Literal["owe", "write_off"]
ReturnPolicy = Literal["proportional", "full_only", "never"]
LapsePolicy = Literal["return", "keep"]
ExpiryMode = Literal["lot", "inactivity"]
GuestPolicy = Literal["earn", "signed_in_only"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgramRules:
    """How points are earned, wait and end; the defaults are those of product.md."""

    points_per_unit: int = 1
    """Whole points for each `unit_minor` of spend."""
    unit_minor: int = 100
    """The amount, in minor units of the programme's currency, that earns `points_per_unit`."""
    rounding: Rounding = "down"
    include_tax: bool = False
    include_shipping: bool = False
    excluded_product_ids: tuple[int, ...] = ()
    excluded_collection_ids: tuple[int, ...] = ()
    excluded_product_tags: tuple[str, ...] = ()
    """Compared without regard to case, as Shopify does."""
    excluded_customer_tags: tuple[str, ...] = ()
    """Orders of customers with one of these tags earn nothing."""
    excluded_discount_codes: tuple[str, ...] = ()
    """Orders with one of these codes earn nothing; compared without regard to case."""
    guests: GuestPolicy = "earn"
    earn_on: EarnOn = "paid"
    pending_days: int = 14
    expiry_mode: ExpiryMode = "lot"
    """Each lot by itself, or the whole balance after so long without activity."""
    expiry_months: int | None = 12
    """Months after a lot became available, or after the last activity; None: never, or days."""
    expiry_days: int | None = None
    """Days instead of months, as cashback has it; one of the two at most."""
    warning_days: tuple[int, ...] = (30, 7)
    """How many days before points expire the shopper is warned."""
    sign_up_points: int = 50
    debt_policy: DebtPolicy = "owe"
    return_policy: ReturnPolicy = "proportional"
    lapse_policy: LapsePolicy = "return"
    code_days: int = 30
    """How long a redemption's code lives."""


AFTER_EARNING = (
    "pending_days",
    "expiry_mode",
    "expiry_months",
    "expiry_days",
    "warning_days",
    "debt_policy",
    "return_policy",
    "lapse_policy",
    "code_days",
)
"""Settings that say what becomes of points; all others say how many are earned."""


def differ_after_earning(one: ProgramRules, other: ProgramRules) -> bool:
    """Return whether points end differently by these rules, however many are earned."""
    return any(getattr(one, name) != getattr(other, name) for name in AFTER_EARNING)


def points_expire(rules: ProgramRules) -> bool:
    """Return whether points ever end."""
    return rules.expiry_months is not None or rules.expiry_days is not None


def rules_from_json(stored: Mapping[str, Any]) -> ProgramRules:
    """Return the rules that a rule version keeps as JSON; settings it did not know have defaults."""
    values: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value for name, value in stored.items()
    }
    return ProgramRules(**values)
