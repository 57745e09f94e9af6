"""Money as integers of a currency's smallest unit, exact in both directions."""

from decimal import Decimal

_WITHOUT_DECIMALS = frozenset(
    [
        "BIF",
        "CLP",
        "DJF",
        "GNF",
        "ISK",
        "JPY",
        "KMF",
        "KRW",
        "PYG",
        "RWF",
        "UGX",
        "VND",
        "VUV",
        "XAF",
        "XOF",
        "XPF",
    ]
)
_WITH_THREE_DECIMALS = frozenset(["BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"])


class InexactAmount(ValueError):
    """The amount has more decimals than its currency."""


def minor_digits(currency: str) -> int:
    """Return how many decimals an ISO 4217 currency has: JPY 0, USD 2, KWD 3."""
    if currency in _WITHOUT_DECIMALS:
        return 0
    return 3 if currency in _WITH_THREE_DECIMALS else 2


def to_minor(amount: str | Decimal, currency: str) -> int:
    """Return a decimal amount in minor units; raise InexactAmount rather than round."""
    if isinstance(amount, str):
        # Nearly every amount is written with all its decimals: its digits are the answer.
        whole, _, decimals = amount.partition(".")
        if whole.isdecimal() and decimals.isdecimal() and len(decimals) == minor_digits(currency):
            return int(whole + decimals)
    scaled = Decimal(amount).scaleb(minor_digits(currency))
    minor = int(scaled)
    if minor != scaled:
        raise InexactAmount(str(amount))
    return minor


def to_decimal_text(amount_minor: int, currency: str) -> str:
    """Return minor units as the decimal text that Shopify's API takes: 12345 USD is 123.45."""
    return f"{Decimal(amount_minor).scaleb(-minor_digits(currency)):f}"
