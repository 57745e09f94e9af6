"""What a new programme starts with, in round amounts of its currency."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from app.domain.money import minor_digits
from app.domain.program_rules import ProgramRules
from app.domain.tiers import TierEntry

_UNITS: Mapping[str, int] = {
    "AED": 4,
    "AUD": 1,
    "BRL": 5,
    "CAD": 1,
    "CHF": 1,
    "CLP": 1000,
    "CNY": 5,
    "COP": 5000,
    "CZK": 20,
    "DKK": 5,
    "EUR": 1,
    "GBP": 1,
    "HKD": 10,
    "HUF": 400,
    "IDR": 15000,
    "ILS": 4,
    "INR": 100,
    "ISK": 100,
    "JPY": 100,
    "KES": 100,
    "KRW": 1000,
    "MXN": 20,
    "MYR": 5,
    "NGN": 1500,
    "NOK": 10,
    "NZD": 1,
    "PEN": 4,
    "PHP": 50,
    "PKR": 250,
    "PLN": 4,
    "RON": 5,
    "SAR": 4,
    "SEK": 10,
    "SGD": 1,
    "THB": 25,
    "TRY": 40,
    "TWD": 30,
    "UAH": 40,
    "USD": 1,
    "VND": 25000,
    "ZAR": 20,
}
"""Round amounts near one US dollar, in whole currency units."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TierDraft:
    """A tier as typed or as proposed, without an id while it is new."""

    name: str
    threshold: int | None
    """From which measure on; None unless `entry` is `threshold`."""
    multiplier_bp: int
    id: int | None = None
    entry: TierEntry = "threshold"
    entry_value: str | None = None
    """The tag, or the company's number; None with `company`: any company."""
    hidden: bool = False
    entry_points: int = 0
    yearly_points: int = 0
    birthday_points: int = 0
    free_shipping: bool = False
    customer_tag: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RewardDraft:
    """A reward as proposed."""

    type: str
    points: int
    config: Mapping[str, int] = field(default_factory=dict)


def round_unit_minor(currency: str) -> int:
    """Return, in minor units, a round amount near one US dollar; 1.00 for other currencies."""
    return _UNITS.get(currency, 1) * int(10 ** minor_digits(currency))


def default_rules(currency: str) -> ProgramRules:
    """Return the rules of a new programme: one point a unit."""
    return ProgramRules(unit_minor=round_unit_minor(currency))


def default_tiers(currency: str) -> tuple[TierDraft, ...]:
    """Return Bronze, Silver and Gold, from 0, 300 and 1,000 units a year."""
    unit_minor = round_unit_minor(currency)
    return (
        TierDraft(name="Bronze", threshold=0, multiplier_bp=10_000),
        TierDraft(name="Silver", threshold=300 * unit_minor, multiplier_bp=12_500),
        TierDraft(name="Gold", threshold=1_000 * unit_minor, multiplier_bp=15_000),
    )


def default_rewards(currency: str) -> tuple[RewardDraft, ...]:
    """Return 5 units off, free shipping and 10 % off, the cheapest first."""
    unit_minor = round_unit_minor(currency)
    return (
        RewardDraft(type="amount_off", points=100, config={"amount_minor": 5 * unit_minor}),
        RewardDraft(type="free_shipping", points=150),
        RewardDraft(type="percentage_off", points=200, config={"percentage_bp": 1_000}),
    )
