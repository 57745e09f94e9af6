"""How points, money and moments are written in the reader's language."""

from datetime import datetime
from decimal import Decimal
from functools import lru_cache
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_datetime, format_skeleton
from babel.numbers import format_currency, format_decimal, get_currency_symbol

from app.domain.money import minor_digits

MINUS = "\N{MINUS SIGN}"

# Babel knows no narrow symbols: outside their own language these currencies would be three letters.
NARROW_SYMBOLS = {
    "CZK": "Kč",
    "HUF": "Ft",
    "IDR": "Rp",
    "MYR": "RM",
    "NGN": "₦",
    "PLN": "zł",
    "THB": "฿",
    "TRY": "₺",
    "UAH": "₴",
    "ZAR": "R",
}


@lru_cache(maxsize=4096)
def whole(number: int, locale: Locale) -> str:
    """Return a whole number with the language's separators: 1,240."""
    return format_decimal(number, locale=locale)


def signed(points: int, locale: Locale) -> str:
    """Return a change of points with its sign: +240, −100, and 0 as it is."""
    if points == 0:
        return "0"
    return f"{'+' if points > 0 else MINUS}{whole(abs(points), locale)}"


def points_unit(points: int, names: dict[str, dict[str, str]], locale: Locale) -> str:
    """Return what this many points are called, by the plural rule of the language."""
    forms = names.get(locale.language) or names["en"]
    return forms.get(locale.plural_form(abs(points))) or forms["other"]


def points_text(points: int, names: dict[str, dict[str, str]], locale: Locale) -> str:
    """Return points with their name: "500 petals"."""
    return f"{whole(points, locale)} {points_unit(points, names, locale)}"


@lru_cache(maxsize=4096)
def money(minor: int, currency: str, locale: Locale) -> str:
    """Return an amount given in minor units, without decimals when it is whole: ฿50, $12.50."""
    amount = Decimal(minor).scaleb(-minor_digits(currency))
    if amount == amount.to_integral_value():
        text = format_currency(
            amount, currency, _without_decimals(locale), locale=locale, currency_digits=False
        )
    else:
        text = format_currency(amount, currency, locale=locale)
    return text.replace(get_currency_symbol(currency, locale), currency_symbol(currency, locale))


def currency_symbol(currency: str, locale: Locale) -> str:
    """Return the short symbol of a currency as shops write it."""
    return NARROW_SYMBOLS.get(currency) or get_currency_symbol(currency, locale)


def _without_decimals(locale: Locale) -> str:
    pattern: str = locale.currency_formats["standard"].pattern
    return pattern.replace(".00", "")


def day(moment: datetime, iana_timezone: str, locale: Locale, *, now: datetime) -> str:
    """Return the day of a moment in the shop's time zone: "6 Dec", with the year when not this."""
    zone = ZoneInfo(iana_timezone)
    local = moment.astimezone(zone)
    if local.year == now.astimezone(zone).year:
        return format_skeleton("MMMd", local, locale=_day_first(locale))
    return format_date(local, "d MMM y", locale=locale)


def minute(moment: datetime, iana_timezone: str, locale: Locale) -> str:
    """Return day and time of a moment in the shop's time zone: "6 Dec 2026, 14:05"."""
    local = moment.astimezone(ZoneInfo(iana_timezone))
    return format_datetime(local, "d MMM y, HH:mm", locale=locale)


def _day_first(locale: Locale) -> Locale:
    """Write "6 Dec" in English wherever it is read: the short form all our screens use."""
    return Locale("en", "GB") if locale.language == "en" else locale
