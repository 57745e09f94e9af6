"""Money as whole minor units inside and as decimal strings at the edge."""

from decimal import Decimal
from fractions import Fraction

_DECIMALS = {
    **dict.fromkeys(("BIF", "CLP", "JPY", "KRW", "PYG", "UGX", "VND", "XAF", "XOF"), 0),
    **dict.fromkeys(("BHD", "IQD", "JOD", "KWD", "OMR", "TND"), 3),
}


def decimals(currency: str) -> int:
    """Return how many decimal places `currency` has."""
    return _DECIMALS.get(currency, 2)


def to_decimal_string(amount_minor: int, currency: str) -> str:
    """Return minor units as Shopify writes money: "12.50", "-3.00", "1200" for yen."""
    places = decimals(currency)
    if places == 0:
        return str(amount_minor)
    sign = "-" if amount_minor < 0 else ""
    whole, part = divmod(abs(amount_minor), 10**places)
    return f"{sign}{whole}.{part:0{places}d}"


def from_decimal(amount: str | Decimal, currency: str) -> int:
    """Return a decimal amount as minor units; what is finer than a minor unit is an error."""
    scaled = Decimal(amount).scaleb(decimals(currency))
    if scaled != scaled.to_integral_value():
        raise ValueError(f"{amount} is finer than the smallest unit of {currency}")
    return int(scaled)


def share(amount_minor: int, weights: list[int]) -> list[int]:
    """Split an amount by weights so that the parts sum to it exactly (largest remainder)."""
    total = sum(weights)
    if total == 0:
        return [0] * len(weights)
    parts = [amount_minor * weight // total for weight in weights]
    by_remainder = sorted(range(len(weights)), key=lambda i: -(amount_minor * weights[i] % total))
    for index in by_remainder[: amount_minor - sum(parts)]:
        parts[index] += 1
    return parts


def rounded(numerator: int, denominator: int) -> int:
    """Divide and round half up; the denominator is positive."""
    return (2 * numerator + denominator) // (2 * denominator)


def converted(amount_minor: int, currency: str, into: str, rate: str) -> int:
    """Return an amount in another currency's minor units, rounded half up.

    `rate` is how much of `into` one unit of `currency` buys.
    """
    scale = Fraction(10 ** decimals(into), 10 ** decimals(currency))
    worth = Fraction(abs(amount_minor)) * Fraction(rate) * scale
    whole = rounded(worth.numerator, worth.denominator)
    return whole if amount_minor >= 0 else -whole
