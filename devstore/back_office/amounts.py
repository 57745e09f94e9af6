"""Amounts and whole numbers that the merchant typed."""

from devstore.back_office.words import money_words
from devstore.store.money import from_decimal

Errors = dict[int | str, str]
MOST_UNITS = 1_000


def read_amount(typed: str, currency: str, most_minor: int, errors: Errors, name: str) -> int:
    """Return an amount from nothing up to `most_minor`; what is none becomes an error."""
    try:
        amount_minor = from_decimal(typed.strip().replace(",", "") or "0", currency)
    except (ArithmeticError, ValueError):
        errors[name] = "Enter an amount such as 120"
        return 0
    if not 0 <= amount_minor <= most_minor:
        errors[name] = f"Enter an amount up to {money_words(most_minor, currency)}"
        return 0
    return amount_minor


def whole_number(typed: str) -> int | None:
    """Return the whole number that was typed, or None."""
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 8 else None
