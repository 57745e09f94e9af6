"""What the development store is started with."""

import os
from argparse import ArgumentParser, Namespace
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any


class MissingSettings(Exception):
    """Settings are missing."""


@dataclass(frozen=True)
class Settings:
    """Options and environment of one development store."""

    client_id: str
    client_secret: str
    app_url: str = "http://127.0.0.1:8000"
    port: int = 8100
    data: Path = Path(".data/devstore")
    extensions: Path = Path("extensions")
    app_toml: Path = Path("shopify.app.toml")
    domain: str = "regulars-demo.myshopify.com"
    shop_name: str = "Baan Cha"
    currency: str = "THB"
    timezone: str = "Asia/Bangkok"
    plan: str = "Plus"
    tax_bp: int = 0
    taxes_included: bool = True
    classic_accounts: bool = False
    login_required: bool = False
    grant_optional_scopes: bool = False
    retry_seconds: float = 0.0

    @property
    def origin(self) -> str:
        """Where this development store answers."""
        return f"http://127.0.0.1:{self.port}"


def add_options(parser: ArgumentParser) -> None:
    """Add every option of the store to a command's parser."""
    parser.add_argument("--port", type=int, help="port on the loopback (DEVSTORE_PORT, 8100)")
    parser.add_argument("--data", type=Path, help="folder of the SQLite file (.data/devstore)")
    parser.add_argument("--app-url", help="where the app answers (APP_URL)")
    parser.add_argument("--extensions", type=Path, help="folder of the extensions")
    parser.add_argument("--app-toml", type=Path, help="the app's shopify.app.toml")
    parser.add_argument("--domain", help="the shop's myshopify.com domain")
    parser.add_argument("--shop-name", help="the shop's name")
    parser.add_argument("--currency", help="the shop's currency")
    parser.add_argument("--timezone", help="the shop's IANA time zone")
    parser.add_argument("--plan", choices=("Basic", "Grow", "Advanced", "Plus"))
    parser.add_argument("--tax-bp", type=int, help="tax in hundredths of a percent (0)")
    parser.add_argument(
        "--classic-accounts",
        action="store_true",
        default=None,
        help="customers have classic accounts: each is enabled or it is not",
    )
    parser.add_argument(
        "--login-required",
        action="store_true",
        default=None,
        help="tell apps that nobody checks out without signing in",
    )
    parser.add_argument(
        "--grant-optional-scopes",
        action="store_true",
        default=None,
        help="grant the app's optional scopes too, such as read_all_orders",
    )
    parser.add_argument(
        "--retry-seconds",
        type=float,
        help="compress the retry schedule: wait this long between tries instead of Shopify's",
    )


def read_settings(options: Namespace, environment: Mapping[str, str] = os.environ) -> Settings:
    """Return the settings; raise MissingSettings that names everything missing."""
    missing = [name for name in _REQUIRED.values() if not environment.get(name)]
    if missing:
        raise MissingSettings("Please set " + " and ".join(missing) + ".")
    found: dict[str, Any] = {name: environment[source] for name, source in _REQUIRED.items()}
    if environment.get("APP_URL"):
        found["app_url"] = environment["APP_URL"]
    if environment.get("DEVSTORE_PORT"):
        found["port"] = int(environment["DEVSTORE_PORT"])
    names = Settings.__dataclass_fields__
    given = {name: value for name, value in vars(options).items() if name in names}
    return Settings(**found | {name: value for name, value in given.items() if value is not None})


_REQUIRED = {"client_id": "SHOPIFY_CLIENT_ID", "client_secret": "SHOPIFY_CLIENT_SECRET"}


def parse(arguments: Sequence[str], environment: Mapping[str, str] = os.environ) -> Settings:
    """Return the settings that command-line arguments and environment give."""
    parser = ArgumentParser(prog="python -m devstore", description=__doc__)
    add_options(parser)
    return read_settings(parser.parse_args(arguments), environment)
