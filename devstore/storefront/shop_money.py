"""Writes amounts of money the way the shop shows them to shoppers."""

from devstore.store.money import decimals, rounded

# Shopify's storefront counts every currency in hundredths, also those without decimals.
STOREFRONT_DECIMALS = 2

SYMBOLS = {
    "AUD": "$", "CAD": "$", "CHF": "CHF ", "CNY": "¥", "EUR": "€", "GBP": "£", "HKD": "$",
    "IDR": "Rp ", "INR": "₹", "JPY": "¥", "KRW": "₩", "KWD": "KD ", "MYR": "RM", "NZD": "$",
    "PHP": "₱", "SEK": "kr ", "SGD": "$", "THB": "฿", "USD": "$", "VND": "₫",
}  # fmt: skip


def to_storefront_units(amount_minor: int, currency: str) -> int:
    """Return minor units as the hundredths of Liquid and the cart API, rounded half up."""
    scale = decimals(currency) - STOREFRONT_DECIMALS
    if scale > 0:
        return rounded(amount_minor, 10**scale)
    return int(amount_minor * 10**-scale)


def currency_symbol(currency: str) -> str:
    """Return the sign that stands before an amount."""
    return SYMBOLS.get(currency, f"{currency} ")


def money_format(currency: str) -> str:
    """Return Shopify's money format of a shop in `currency`."""
    amount = "amount" if decimals(currency) else "amount_no_decimals"
    return f"{currency_symbol(currency)}{{{{{amount}}}}}"


def amount_text(hundredths: int, currency: str) -> str:
    """Return hundredths with the currency's decimals and without its sign: 1,240.00."""
    if decimals(currency) == 0:
        return f"{rounded(hundredths, 100):,}"
    whole, part = divmod(abs(hundredths), 100)
    return f"{'-' if hundredths < 0 else ''}{whole:,}.{part:02d}"


def money_text(hundredths: int, currency: str) -> str:
    """Return hundredths with the currency's sign: ฿240.00."""
    return _signed(amount_text(abs(hundredths), currency), hundredths, currency)


def short_money_text(hundredths: int, currency: str) -> str:
    """Return hundredths with the sign and without decimals that say nothing: ฿240."""
    amount = amount_text(abs(hundredths), currency)
    return _signed(amount.removesuffix(".00"), hundredths, currency)


def price_text(amount_minor: int, currency: str) -> str:
    """Return minor units as the shop's pages show prices: ฿240."""
    return short_money_text(to_storefront_units(amount_minor, currency), currency)


def _signed(amount: str, hundredths: int, currency: str) -> str:
    sign = "\N{MINUS SIGN}" if hundredths < 0 else ""
    return f"{sign}{currency_symbol(currency)}{amount}"
