"""App embeds: what the app offers for the theme, and what App Bridge tells of it."""

import json
from dataclasses import dataclass
from pathlib import Path

from devstore.services import Services
from devstore.storefront.embed_settings import embed_enabled
from devstore.storefront.theme_extension import EMBED_TARGETS, Block, ThemeExtension

THEME_ID = "gid://shopify/OnlineStoreTheme/130001"


def theme_extensions(folder: Path) -> list[ThemeExtension]:
    """Return the theme app extensions below `folder`: those with blocks."""
    found = sorted(path.parent for path in folder.glob("*/blocks") if path.is_dir())
    return [ThemeExtension(path, f"/extensions/{path.name}/assets") for path in found]


@dataclass(frozen=True)
class Embed:
    """One app embed as the theme editor lists it."""

    handle: str
    name: str


def embeds(services: Services) -> list[Embed]:
    """Return every app embed that the installed app's theme extensions offer."""
    return [
        Embed(block.handle, block_name(extension, block))
        for extension in theme_extensions(services.settings.extensions)
        for block in extension.blocks()
        if block.target in EMBED_TARGETS
    ]


def block_name(extension: ThemeExtension, block: Block) -> str:
    """Return the block's name in English; `t:a.b` looks in the locale file for schemas."""
    if not block.name.startswith("t:"):
        return block.name
    path = extension.folder / "locales" / "en.default.schema.json"
    words: object = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    for key in block.name.removeprefix("t:").split("."):
        words = words.get(key, {}) if isinstance(words, dict) else {}
    return words if isinstance(words, str) else block.handle


def extension_report(services: Services) -> list[dict[str, object]]:
    """Return what App Bridge's `shopify.app.extensions()` tells the app."""
    on = embed_enabled(services)
    return [
        {
            "handle": extension.folder.name,
            "type": "theme_app_extension",
            "activations": [_activation(extension, block, on) for block in extension.blocks()],
        }
        for extension in theme_extensions(services.settings.extensions)
    ]


def _activation(extension: ThemeExtension, block: Block, on: bool) -> dict[str, object]:
    active = on if block.target in EMBED_TARGETS else False
    place = {"target": "template--index", "themeId": THEME_ID}
    return {
        "handle": block.handle,
        "name": block_name(extension, block),
        "target": block.target,
        "status": "active" if active else "available",
        "activations": [place] if active else [],
    }
