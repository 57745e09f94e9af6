"""The kinds of weather for webhooks that the bar offers."""

from dataclasses import dataclass

from devstore.services import Services
from devstore.webhooks.weather import PRESETS, read_weather
from devstore.webhooks.weather import set_weather as change_weather

LABELS = {
    "fair": "on time",
    "late": "late",
    "twice": "twice",
    "shuffled": "out of order",
    "lost": "lost",
}


@dataclass(frozen=True)
class WeatherChoice:
    """One way for webhooks to arrive, or not."""

    name: str
    label: str


def current_weather(services: Services) -> str:
    """Return the name of the weather there is."""
    return read_weather(services.store.database).name


def weather_choices(current: str) -> list[WeatherChoice]:
    """Return what may be chosen, fair first; weather set elsewhere is offered as it is."""
    choices = [WeatherChoice(name, LABELS[name]) for name in LABELS]
    if current not in LABELS:
        choices.append(WeatherChoice(current, current))
    return choices


def set_weather(services: Services, name: str) -> None:
    """Change the weather; a name that is no preset changes nothing."""
    if name in PRESETS:
        change_weather(services.store.database, name=name)
