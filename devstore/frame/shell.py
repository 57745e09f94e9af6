"""The shell that every admin page stands in: navigation, clock and webhook weather."""

from dataclasses import dataclass

from flask import render_template, request

from devstore.services import Services
from devstore.webhooks.weather import PRESETS, read_weather


@dataclass(frozen=True)
class NavItem:
    """One entry of the admin's navigation."""

    href: str
    icon: str
    text: str

    def is_at(self, path: str) -> bool:
        """Tell whether `path` is this entry's page or one below it."""
        if self.href == "/admin":
            return path.rstrip("/") == self.href
        return path == self.href or path.startswith(self.href + "/")


NAVIGATION = (
    NavItem("/admin", "home", "Home"),
    NavItem("/admin/orders", "order", "Orders"),
    NavItem("/admin/customers", "person", "Customers"),
    NavItem("/admin/products", "product", "Products"),
    NavItem("/admin/deliveries", "refresh", "Deliveries"),
    NavItem("/admin/clock", "clock", "Clock"),
)

WEATHERS = (
    ("fair", "On time"),
    ("late", "Late"),
    ("twice", "Twice"),
    ("shuffled", "Out of order"),
    ("lost", "Lost"),
    ("custom", "Mixed"),
)


def render_page(
    services: Services, template: str, status: int = 200, **context: object
) -> tuple[str, int]:
    """Return `template` inside the shell, with `status`."""
    offset = services.clock.offset_seconds()
    weather = weather_now(services)
    page = render_template(
        template,
        shop=services.store.shop,
        nav=NAVIGATION,
        here=request.path,
        clock_words=clock_words(services),
        clock_shifted=offset > 0,
        weather=weather,
        weathers=[choice for choice in WEATHERS if choice[0] in (*PRESETS, weather)],
        **context,
    )
    return page, status


def weather_now(services: Services) -> str:
    """Return the name of the weather for webhooks; "clear" is another word for fair."""
    name = read_weather(services.store.database).name
    return "fair" if name == "clear" else name


def clock_words(services: Services) -> str:
    """Return the business date in the shop's time zone, such as 22 Nov 2026."""
    now = services.clock.now().astimezone(services.store.shop.zone)
    return f"{now.day} {now:%b %Y}"
