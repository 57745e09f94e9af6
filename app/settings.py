"""Settings from the environment, read once and frozen."""

import os
from collections.abc import Mapping
from dataclasses import dataclass


class SettingsError(Exception):
    """The environment lacks settings, or has some that cannot be read."""


REQUIRED = (
    "DATABASE_URL",
    "SHOPIFY_CLIENT_ID",
    "SHOPIFY_CLIENT_SECRET",
    "APP_URL",
    "ENCRYPTION_KEYS",
    "LEDGER_KEY",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Everything that differs between installations."""

    database_url: str
    """libpq URL of the owner of the tables; docs/operations.md says which rights it needs."""
    shopify_client_id: str
    shopify_client_secret: str
    shopify_old_client_secret: str | None = None
    """Accepted beside the current one while the secret is rotated."""
    app_url: str
    """Where the app is reached from outside, without a trailing slash."""
    encryption_keys: tuple[str, ...]
    """Fernet keys, newest first."""
    ledger_key: bytes
    """Key of the hash chain and of the look-up hashes of codes and e-mail addresses."""
    shopify_origin_template: str = "https://{shop}"
    shopify_cdn: str = "https://cdn.shopify.com"
    admin_origins: tuple[str, ...] = ("https://admin.shopify.com",)
    clock_url: str | None = None
    """Development only: where the shifted clock is read."""
    port: int = 8000

    @property
    def development(self) -> bool:
        """Whether this installation meets a development store instead of Shopify."""
        return self.clock_url is not None


def load_settings(environ: Mapping[str, str] = os.environ) -> Settings:
    """Return the settings, or raise SettingsError naming everything that is missing or wrong."""
    missing = [name for name in REQUIRED if not environ.get(name)]
    if missing:
        raise SettingsError("Missing settings: " + ", ".join(missing) + ".")
    try:
        ledger_key = bytes.fromhex(environ["LEDGER_KEY"])
        port = int(environ.get("PORT", "8000"))
    except ValueError as error:
        raise SettingsError("LEDGER_KEY must be hexadecimal and PORT a whole number.") from error
    if len(ledger_key) < 32:
        raise SettingsError("LEDGER_KEY must have at least 32 bytes (64 hexadecimal digits).")
    return Settings(
        database_url=environ["DATABASE_URL"],
        shopify_client_id=environ["SHOPIFY_CLIENT_ID"],
        shopify_client_secret=environ["SHOPIFY_CLIENT_SECRET"],
        shopify_old_client_secret=environ.get("SHOPIFY_OLD_CLIENT_SECRET") or None,
        app_url=environ["APP_URL"].rstrip("/"),
        encryption_keys=_words(environ["ENCRYPTION_KEYS"]),
        ledger_key=ledger_key,
        shopify_origin_template=environ.get("SHOPIFY_ORIGIN_TEMPLATE", "https://{shop}"),
        shopify_cdn=environ.get("SHOPIFY_CDN", "https://cdn.shopify.com").rstrip("/"),
        admin_origins=_words(environ.get("ADMIN_ORIGINS", "https://admin.shopify.com")),
        clock_url=environ.get("CLOCK_URL") or None,
        port=port,
    )


def _words(value: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in value.split(",") if word.strip())
