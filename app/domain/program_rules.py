"""The earning rules of a programme, as one immutable value that a rule version keeps."""

from dataclasses import dataclass
from typing import Literal

EarnOn = Literal["paid", "fulfilled"]
Rounding = Literal["down", "half_up"]
DebtPolicy = Literal["owe", "write_off"]
ReturnPolicy = Literal["proportional", "full_only", "never"]
LapsePolicy = Literal["return", "keep"]


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
    earn_on: EarnOn = "paid"
    pending_days: int = 14
    expiry_months: int | None = 12
    """Months after a lot became available; None: never."""
    sign_up_points: int = 50
    debt_policy: DebtPolicy = "owe"
    return_policy: ReturnPolicy = "proportional"
    lapse_policy: LapsePolicy = "return"
    code_days: int = 30
    """How long a redemption's code lives."""
