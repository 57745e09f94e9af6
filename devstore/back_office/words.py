"""How the back office writes money, dates and states."""

from datetime import datetime

from devstore.store.money import decimals
from devstore.store.shop import Shop
from devstore.storefront.shop_money import currency_symbol


def money_words(amount_minor: int, currency: str) -> str:
    """Return an amount with its sign, thousands and the currency's decimals: -฿1,240.00."""
    places = decimals(currency)
    whole, part = divmod(abs(amount_minor), 10**places)
    amount = f"{whole:,}.{part:0{places}d}" if places else f"{whole:,}"
    return f"{'-' if amount_minor < 0 else ''}{currency_symbol(currency)}{amount}"


def moment_words(moment: datetime, shop: Shop) -> str:
    """Return a moment in the shop's time zone: 22 Nov 2026, 14:05."""
    local = moment.astimezone(shop.zone)
    return f"{local.day} {local:%b %Y, %H:%M}"


def second_words(moment: datetime, shop: Shop) -> str:
    """Return a moment of these days to the second: 22 Nov, 14:05:09."""
    local = moment.astimezone(shop.zone)
    return f"{local.day} {local:%b, %H:%M:%S}"


def day_words(moment: datetime, shop: Shop) -> str:
    """Return the day in the shop's time zone: 22 Nov 2026."""
    local = moment.astimezone(shop.zone)
    return f"{local.day} {local:%b %Y}"


def initials(name: str) -> str:
    """Return the first letters of the first and last word of a name."""
    words = [word for word in name.split() if word]
    return "".join(word[0] for word in (words[:1] + words[1:][-1:])).upper()
