"""What shopify.app.toml says: scopes, and where each webhook topic goes."""

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class AppConfig:
    """The parts of shopify.app.toml that Shopify acts on."""

    scopes: tuple[str, ...]
    optional_scopes: tuple[str, ...]
    api_version: str
    topics: dict[str, str]
    proxy_path: str
    proxy_url: str
    metafield_types: dict[tuple[str, str], str]
    """Declared types of the app's own metafields, by owner ("Customer") and key."""
    public_metafields: frozenset[tuple[str, str]]
    """Those of them that the storefront may read."""


def read_app_config(path: Path) -> AppConfig:
    """Read shopify.app.toml; a missing file raises FileNotFoundError."""
    data = tomllib.loads(path.read_text())
    access = data.get("access_scopes", {})
    webhooks = data.get("webhooks", {})
    topics = {
        topic: subscription["uri"]
        for subscription in webhooks.get("subscriptions", [])
        for topic in subscription.get("topics", []) + subscription.get("compliance_topics", [])
    }
    proxy = data.get("app_proxy", {})
    metafields = _metafields(data)
    return AppConfig(
        scopes=tuple(sorted(filter(None, access.get("scopes", "").split(",")))),
        optional_scopes=tuple(access.get("optional_scopes", [])),
        api_version=webhooks.get("api_version", "2026-10"),
        topics=topics,
        proxy_path=f"/{proxy.get('prefix', 'apps')}/{proxy.get('subpath', 'app')}",
        proxy_url=proxy.get("url", "/proxy"),
        metafield_types={name: each["type"] for name, each in metafields.items()},
        public_metafields=frozenset(
            name
            for name, each in metafields.items()
            if each.get("access", {}).get("storefront") == "public_read"
        ),
    )


def _metafields(data: dict[str, Any]) -> dict[tuple[str, str], dict[str, Any]]:
    """Return the definitions of the app's own metafields by owner and key."""
    return {
        (owner.capitalize(), key): definition
        for owner, section in data.items()
        if isinstance(section, dict)
        for key, definition in section.get("metafields", {}).get("app", {}).items()
    }
