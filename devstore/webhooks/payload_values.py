"""Values as webhook payloads write them: decimal strings, money sets, local times."""

from datetime import datetime
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from devstore.store.money import to_decimal_string

Json = dict[str, Any]
KEPT = 4096


class Values:
    """Writes money in the shop's currency and times with the shop's offset."""

    def __init__(self, currency: str, zone: ZoneInfo) -> None:
        self.currency = currency
        self._zone = zone
        # One order repeats its few amounts and times many times over.
        self.money = lru_cache(KEPT)(self._money)
        self.money_set = lru_cache(KEPT)(self._money_set)
        self.time = lru_cache(KEPT)(self._time)

    def _money(self, amount_minor: int) -> str:
        """Return an amount as a decimal string."""
        return to_decimal_string(amount_minor, self.currency)

    def _money_set(self, amount_minor: int) -> Json:
        """Return an amount in shop and presentment money."""
        amount = {"amount": self.money(amount_minor), "currency_code": self.currency}
        return {"shop_money": amount, "presentment_money": amount}

    def _time(self, moment: datetime | None) -> str | None:
        """Return a moment in the shop's time zone: 2026-11-22T17:05:00+07:00."""
        if moment is None:
            return None
        return moment.astimezone(self._zone).isoformat(timespec="seconds")
