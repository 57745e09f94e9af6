"""What the merchant has set for the app's blocks in the theme editor."""

import json
from typing import Any

from devstore.services import Services

EMBED_ENABLED = "embed_enabled"
BLOCK_SETTINGS = "block_settings"


def embed_enabled(services: Services) -> bool:
    """Tell whether the app's embeds are switched on; they are until somebody switches them off."""
    return services.store.database.setting(EMBED_ENABLED) != "0"


def enable_embed(services: Services, on: bool) -> None:
    """Switch the app's embeds on or off."""
    services.store.database.set_setting(EMBED_ENABLED, "1" if on else "0")


def block_overrides(services: Services) -> dict[str, dict[str, Any]]:
    """Return settings that differ from the blocks' defaults, by block."""
    overrides: dict[str, dict[str, Any]] = json.loads(
        services.store.database.setting(BLOCK_SETTINGS) or "{}"
    )
    return overrides
