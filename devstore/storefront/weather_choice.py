"""The kinds of weather for webhooks that the bar offers."""

from dataclasses import dataclass

from devstore.services import Services

SETTING = "weather"


@dataclass(frozen=True)
class Weather:
    """One way for webhooks to arrive, or not."""

    name: str
    label: str


WEATHERS = (
    Weather("fair", "on time"),
    Weather("late", "late"),
    Weather("twice", "twice"),
    Weather("shuffled", "out of order"),
    Weather("lost", "lost"),
)


def weathers() -> list[Weather]:
    """Return every kind of weather, fair first."""
    return list(WEATHERS)


def current_weather(services: Services) -> str:
    """Return the name of the weather there is."""
    return services.store.database.setting(SETTING) or WEATHERS[0].name


def set_weather(services: Services, name: str) -> None:
    """Change the weather; an unknown name changes nothing."""
    if name in {weather.name for weather in WEATHERS}:
        services.store.database.set_setting(SETTING, name)
