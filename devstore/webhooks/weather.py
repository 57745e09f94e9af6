"""Bad weather for webhooks: late, twice, out of order, lost."""

import json
import random
from dataclasses import asdict, dataclass, fields

from devstore.store.database import Database


@dataclass(frozen=True)
class Weather:
    """How deliveries fare; percentages are of single deliveries, seconds are real ones."""

    name: str = "fair"
    late_seconds_min: float = 0.0
    late_seconds_max: float = 0.0
    twice_percent: float = 0.0
    shuffle_seconds: float = 0.0
    lost_percent: float = 0.0

    def delays(self, chance: random.Random) -> list[float]:
        """Return after how many seconds each copy of a delivery is sent; none when it is lost."""
        if chance.random() * 100 < self.lost_percent:
            return []
        copies = 2 if chance.random() * 100 < self.twice_percent else 1
        late = chance.uniform(self.late_seconds_min, self.late_seconds_max)
        return [late + chance.uniform(0, self.shuffle_seconds) for _ in range(copies)]


PRESETS = {
    "fair": Weather(),
    "clear": Weather("clear"),
    "late": Weather("late", late_seconds_min=15, late_seconds_max=45),
    "twice": Weather("twice", twice_percent=100),
    "shuffled": Weather("shuffled", shuffle_seconds=15),
    "lost": Weather("lost", lost_percent=100),
}
_DETAIL = "weather_detail"


class UnknownWeather(ValueError):
    """There is no such weather."""


def read_weather(database: Database) -> Weather:
    """Return the weather there is."""
    name = database.setting("weather") or "fair"
    if name in PRESETS:
        return PRESETS[name]
    return Weather(**json.loads(database.setting(_DETAIL) or "{}"))


def set_weather(database: Database, **wanted: object) -> Weather:
    """Choose a preset by `name`, or say each quantity; returns the new weather."""
    name = str(wanted.pop("name", "custom"))
    if name in PRESETS and not wanted:
        database.set_setting("weather", name)
        return PRESETS[name]
    known = {field.name for field in fields(Weather)}
    if not wanted or not set(wanted) <= known:
        raise UnknownWeather(", ".join(sorted(set(wanted) - known)) or name)
    numbers = {key: float(str(value)) for key, value in wanted.items()}
    weather = Weather("custom", **numbers)
    with database.transaction():
        database.set_setting("weather", "custom")
        database.set_setting(_DETAIL, json.dumps(asdict(weather)))
    return weather
