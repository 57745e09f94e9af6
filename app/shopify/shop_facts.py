"""What the app needs to know of a shop when it is installed there."""

from dataclasses import dataclass

from app.shopify.client import Run


@dataclass(frozen=True, slots=True, kw_only=True)
class ShopFacts:
    """A shop's names, money, time and plan, as Shopify knows them now."""

    shop_gid: str
    installation_gid: str
    name: str
    currency: str
    iana_timezone: str
    plan_name: str
    is_plus: bool
    primary_locale: str
    scopes: str


def read_shop_facts(run: Run) -> ShopFacts:
    """Return the facts of the shop that `run` asks."""
    data = run("shop_facts")
    shop, installation = data["shop"], data["currentAppInstallation"]
    primary = [locale["locale"] for locale in data["shopLocales"] if locale["primary"]]
    return ShopFacts(
        shop_gid=shop["id"],
        installation_gid=installation["id"],
        name=shop["name"],
        currency=shop["currencyCode"],
        iana_timezone=shop["ianaTimezone"],
        plan_name=shop["plan"]["publicDisplayName"],
        is_plus=shop["plan"]["shopifyPlus"],
        primary_locale=primary[0] if primary else "en",
        scopes=",".join(sorted(scope["handle"] for scope in installation["accessScopes"])),
    )
