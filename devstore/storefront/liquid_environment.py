"""The Liquid that Shopify speaks: python-liquid with Shopify's tags, filters and snippets."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from liquid import Environment, RenderContext
from liquid.exceptions import TemplateNotFoundError
from liquid.filter import with_context
from liquid.loader import BaseLoader, TemplateSource

from devstore.storefront.liquid_filters import FILTERS
from devstore.storefront.liquid_locales import translate
from devstore.storefront.liquid_source import split_source
from devstore.storefront.liquid_tags import FormTag, StyleTag

AssetUrl = Callable[[str], str]


class SnippetLoader(BaseLoader):
    """Finds what `{% render 'name' %}` names in the extension's folder of snippets."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def get_source(
        self,
        env: Environment,
        template_name: str,
        *,
        context: RenderContext | None = None,
        **kwargs: object,
    ) -> TemplateSource:
        """Return the Liquid of the snippet `template_name`."""
        path = self.folder / f"{template_name}.liquid"
        if not path.resolve().is_relative_to(self.folder.resolve()) or not path.is_file():
            raise TemplateNotFoundError(template_name)
        liquid = split_source(path.read_text(encoding="utf-8")).liquid
        return TemplateSource(liquid, str(path), None)


def liquid_environment(extension: Path, asset_url: AssetUrl) -> Environment:
    """Return an environment for the blocks and snippets of the theme extension in `extension`.

    Nothing is escaped by itself, as on Shopify; an unknown filter is an error, not silence.
    """
    env = Environment(autoescape=False, loader=SnippetLoader(extension / "snippets"))
    env.add_tag(StyleTag)
    env.add_tag(FormTag)
    env.filters.update(FILTERS)
    env.filters["asset_url"] = asset_url
    env.filters["t"] = _translator(extension / "locales")
    return env


def _translator(locales: Path) -> Callable[..., str]:
    @with_context
    def t(key: object, *, context: Any, **values: object) -> str:  # noqa: ANN401
        """Return the text of `key` in the language of the request."""
        iso_code = str(context.resolve("request")["locale"]["iso_code"])
        return translate(locales, iso_code, str(key), values)

    return t
