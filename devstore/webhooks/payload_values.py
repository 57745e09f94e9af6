"""Values as webhook payloads write them: decimal strings, money sets, local times."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from devstore.store.money import to_decimal_string

Json = dict[str, Any]


class Values:
    """Writes money in the shop's currency and times with the shop's offset."""

    def __init__(self, currency: str, zone: ZoneInfo) -> None:
        self.currency = currency
        self._zone = zone

    def money(self, amount_minor: int) -> str:
        """Return an amount as a decimal string."""
        return to_decimal_string(amount_minor, self.currency)

    def money_set(self, amount_minor: int) -> Json:
        """Return an amount in shop and presentment money."""
        amount = {"amount": self.money(amount_minor), "currency_code": self.currency}
        return {"shop_money": amount, "presentment_money": amount}

    def time(self, moment: datetime | None) -> str | None:
        """Return a moment in the shop's time zone: 2026-11-22T17:05:00+07:00."""
        if moment is None:
            return None
        return moment.astimezone(self._zone).isoformat(timespec="seconds")
