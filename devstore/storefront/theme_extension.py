"""Renders the blocks of a theme app extension the way a theme shows them."""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from html import escape
from pathlib import Path
from typing import Any

from liquid.exceptions import LiquidError

from devstore.storefront.liquid_environment import liquid_environment
from devstore.storefront.liquid_source import LiquidSource, setting_defaults, split_source

EMBED_TARGETS = ("head", "body", "compliance_head")
SECTION_TEMPLATES = ("product", "cart")


@dataclass(frozen=True)
class Block:
    """One file of the extension's folder of blocks."""

    handle: str
    source: LiquidSource

    @property
    def target(self) -> str:
        """Return `section` for an app block, `head` or `body` for an app embed."""
        return str(self.source.schema.get("target", "section"))

    @property
    def name(self) -> str:
        """Return the name merchants see in the theme editor."""
        return str(self.source.schema.get("name", self.handle))

    def fits(self, template: str) -> bool:
        """Tell whether the block may stand on pages of `template`."""
        enabled = self.source.schema.get("enabled_on", {}).get("templates", ["*"])
        disabled = self.source.schema.get("disabled_on", {}).get("templates", [])
        return _names(enabled, template) and not _names(disabled, template)


@dataclass(frozen=True)
class RenderedExtension:
    """What the extension adds to one page."""

    head: str
    section: str
    body_end: str


@dataclass(frozen=True)
class ThemeExtension:
    """A theme app extension in a folder, read anew at every page so that edits show at once."""

    folder: Path
    assets_path: str

    @cached_property
    def env(self) -> Any:  # noqa: ANN401  (python-liquid's Environment)
        """Return the Liquid environment of this extension."""
        return liquid_environment(self.folder, self.asset_url)

    def blocks(self) -> Iterator[Block]:
        """Yield every block, by file name."""
        for path in sorted((self.folder / "blocks").glob("*.liquid")):
            yield Block(path.stem, split_source(path.read_text(encoding="utf-8")))

    def asset_url(self, name: object) -> str:
        """Return the address of an asset, with its digest so that it may be cached for long."""
        path = self.folder / "assets" / str(name)
        if not path.is_file():
            return f"{self.assets_path}/{name}"
        return f"{self.assets_path}/{name}?v={asset_version(path)}"

    def render_page(
        self,
        template: str,
        objects: Mapping[str, object],
        *,
        embed_enabled: bool,
        overrides: Mapping[str, Mapping[str, object]],
    ) -> RenderedExtension:
        """Return what the extension adds to a page of `template`.

        Args:
            template: The page's template, as in Liquid: index, product, cart …
            objects: The global objects of Liquid.
            embed_enabled: Whether the merchant has switched the app embeds on.
            overrides: Settings that differ from the schema's defaults, by block.
        """
        shown = [
            block
            for block in self.blocks()
            if block.fits(template) and _is_shown(block, template, embed_enabled)
        ]
        html = {
            block.handle: self._render(block, objects, overrides.get(block.handle, {}))
            for block in shown
        }
        return RenderedExtension(
            head=self._own_assets(shown) + _joined(shown, html, ("head", "compliance_head")),
            section=_joined(shown, html, ("section",)),
            body_end=_joined(shown, html, ("body",)),
        )

    def _render(
        self, block: Block, objects: Mapping[str, object], overrides: Mapping[str, object]
    ) -> str:
        settings = setting_defaults(block.source.schema) | dict(overrides)
        liquid_block = {
            "id": f"regulars_{block.handle}",
            "type": f"shopify://apps/regulars/blocks/{block.handle}",
            "settings": settings,
            # Shopify fills this in the theme editor only.
            "shopify_attributes": "",
        }
        try:
            template = self.env.from_string(block.source.liquid, name=block.handle)
            html = str(template.render(**objects, block=liquid_block))
        except LiquidError as error:
            html = f"Liquid error ({escape(block.handle)}): {escape(str(error))}"
        return _wrapped(block, html)

    def _own_assets(self, blocks: list[Block]) -> str:
        """Return the elements for what blocks name or hold outside their Liquid, each once."""
        parts = []
        for block in blocks:
            schema = block.source.schema
            if "stylesheet" in schema:
                url = escape(self.asset_url(schema["stylesheet"]))
                parts.append(f'<link href="{url}" rel="stylesheet">')
            if "javascript" in schema:
                url = escape(self.asset_url(schema["javascript"]))
                parts.append(f'<script src="{url}" defer="defer"></script>')
            if block.source.stylesheet:
                parts.append(f"<style>{block.source.stylesheet}</style>")
            if block.source.javascript:
                parts.append(f'<script type="module">{block.source.javascript}</script>')
        return "".join(dict.fromkeys(parts))


def asset_version(path: Path) -> str:
    """Return a short digest of the asset's bytes."""
    return hashlib.sha256(path.read_bytes()).hexdigest()[:12]


def _is_shown(block: Block, template: str, embed_enabled: bool) -> bool:
    if block.target in EMBED_TARGETS:
        return embed_enabled
    return template in SECTION_TEMPLATES


def _names(templates: list[str], template: str) -> bool:
    return "*" in templates or template in templates


def _wrapped(block: Block, html: str) -> str:
    if block.target in ("head", "compliance_head"):
        return html
    kind = "shopify-app-block" if block.target == "section" else "shopify-app-embed"
    return (
        f'<div id="shopify-block-regulars_{block.handle}" class="shopify-block {kind}">{html}</div>'
    )


def _joined(blocks: list[Block], html: Mapping[str, str], targets: tuple[str, ...]) -> str:
    return "\n".join(html[block.handle] for block in blocks if block.target in targets)
