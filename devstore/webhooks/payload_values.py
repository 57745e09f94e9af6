"""Values as webhook payloads write them: decimal strings, money sets, local times."""

from datetime import datetime
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from devstore.store.money import converted, to_decimal_string
from devstore.store.order import Order

Json = dict[str, Any]
KEPT = 4096


class Values:
    """Writes money in the shop's currency, and in the customer's beside it, and local times."""

    def __init__(
        self, currency: str, zone: ZoneInfo, presentment: str | None = None, rate: str = "1"
    ) -> None:
        self.currency = currency
        self.presentment = presentment or currency
        self._rate = rate
        self._zone = zone
        # One order repeats its few amounts and times many times over.
        self.money = lru_cache(KEPT)(self._money)
        self.money_set = lru_cache(KEPT)(self._money_set)
        self.time = lru_cache(KEPT)(self._time)

    def of(self, order: Order) -> "Values":
        """Return the values of an order: the same, unless it was paid in another currency."""
        if order.charged_currency == self.presentment:
            return self
        return Values(self.currency, self._zone, order.charged_currency, order.presentment_rate)

    def charged(self, amount_minor: int) -> str:
        """Return an amount as the customer was charged it."""
        return to_decimal_string(self._charged(amount_minor), self.presentment)

    def _charged(self, amount_minor: int) -> int:
        if self.presentment == self.currency:
            return amount_minor
        return converted(amount_minor, self.currency, self.presentment, self._rate)

    def _money(self, amount_minor: int) -> str:
        """Return an amount of the shop's currency as a decimal string."""
        return to_decimal_string(amount_minor, self.currency)

    def _money_set(self, amount_minor: int) -> Json:
        """Return an amount in shop and presentment money."""
        charged = {"amount": self.charged(amount_minor), "currency_code": self.presentment}
        amount = {"amount": self.money(amount_minor), "currency_code": self.currency}
        return {"shop_money": amount, "presentment_money": charged}

    def _time(self, moment: datetime | None) -> str | None:
        """Return a moment in the shop's time zone: 2026-11-22T17:05:00+07:00."""
        if moment is None:
            return None
        return moment.astimezone(self._zone).isoformat(timespec="seconds")
