"""The settings of the development installation: secrets made once, addresses on this machine."""

import json
import os
import secrets
from dataclasses import dataclass
from pathlib import Path

from cryptography.fernet import Fernet

PROJECT = Path(__file__).resolve().parents[2]
DATA = PROJECT / ".data"
SECRETS = DATA / "demo.json"

APP_PORT = 8000
DEVSTORE_PORT = 8100

SECRET_NAMES = ("SHOPIFY_CLIENT_ID", "SHOPIFY_CLIENT_SECRET", "ENCRYPTION_KEYS", "LEDGER_KEY")


@dataclass(frozen=True, slots=True, kw_only=True)
class Ports:
    """Where the two servers of the demo listen."""

    app: int = APP_PORT
    devstore: int = DEVSTORE_PORT

    @property
    def app_url(self) -> str:
        """The app's address."""
        return f"http://127.0.0.1:{self.app}"

    @property
    def devstore_url(self) -> str:
        """The development store's address."""
        return f"http://127.0.0.1:{self.devstore}"


def development_secrets() -> dict[str, str]:
    """Return the secrets of this project folder, made and kept private at the first call."""
    if not SECRETS.exists():
        DATA.mkdir(mode=0o700, exist_ok=True)
        SECRETS.touch(mode=0o600)
        SECRETS.write_text(json.dumps(_new_secrets(), indent=2) + "\n")
    kept: dict[str, str] = json.loads(SECRETS.read_text())
    return kept


def _new_secrets() -> dict[str, str]:
    return {
        "SHOPIFY_CLIENT_ID": secrets.token_hex(16),
        "SHOPIFY_CLIENT_SECRET": f"shpss_{secrets.token_hex(16)}",
        "ENCRYPTION_KEYS": Fernet.generate_key().decode(),
        "LEDGER_KEY": secrets.token_hex(32),
    }


def demo_environment(ports: Ports, database_url: str) -> dict[str, str]:
    """Return the environment in which app and development store find each other."""
    store = ports.devstore_url
    return {
        **os.environ,
        **development_secrets(),
        "DATABASE_URL": database_url,
        "APP_URL": ports.app_url,
        "PORT": str(ports.app),
        "DEVSTORE_PORT": str(ports.devstore),
        "SHOPIFY_ORIGIN_TEMPLATE": f"{store}/shop/{{shop}}",
        "SHOPIFY_CDN": f"{store}/cdn",
        "ADMIN_ORIGINS": store,
        "CLOCK_URL": f"{store}/clock",
    }


def ports_from_environment() -> Ports:
    """Return the ports that PORT and DEVSTORE_PORT name."""
    return Ports(
        app=int(os.environ.get("PORT") or APP_PORT),
        devstore=int(os.environ.get("DEVSTORE_PORT") or DEVSTORE_PORT),
    )
