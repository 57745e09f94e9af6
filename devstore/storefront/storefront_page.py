"""Renders a page of the shop with the theme extension in it."""

from pathlib import Path

from flask import render_template, request
from itsdangerous import URLSafeSerializer

from devstore.services import Services
from devstore.storefront.cart_cookie import current_cart
from devstore.storefront.cart_json import cart_json
from devstore.storefront.cart_pricing import price_cart
from devstore.storefront.dev_bar import bar_state
from devstore.storefront.embed_settings import block_overrides, embed_enabled
from devstore.storefront.liquid_objects import global_objects
from devstore.storefront.page_context import page_context
from devstore.storefront.shelf import ShownProduct
from devstore.storefront.shopper_cookie import current_shopper
from devstore.storefront.theme_extension import RenderedExtension, ThemeExtension

WIDGET = "points-widget"
ASSETS_PATH = f"/cdn/extensions/{WIDGET}/assets"


class StorefrontPages:
    """Renders pages for the visitor of the request at hand."""

    def __init__(self, services: Services, signer: URLSafeSerializer) -> None:
        self._services = services
        self._signer = signer
        self._extension = ThemeExtension(widget_folder(services), ASSETS_PATH)

    def render(
        self,
        template: str,
        file: str = "",
        *,
        folder: str = "storefront",
        product: ShownProduct | None = None,
        **values: object,
    ) -> str:
        """Return the page of `template`, with the extension's blocks and the development bar."""
        page = page_context(self._services, self._signer, template)
        return render_template(
            f"{folder}/{file or template}.html",
            page=page,
            bar=bar_state(self._services, page) if page.shows_bar else None,
            extension=self._rendered_extension(template, product),
            product=product,
            **values,
        )

    def _rendered_extension(self, template: str, product: ShownProduct | None) -> RenderedExtension:
        shopper, cart = current_shopper(self._signer), current_cart(self._signer)
        priced = price_cart(self._services, cart, shopper.customer_id)
        objects = global_objects(
            self._services,
            shopper,
            template=template,
            origin=request.host_url.rstrip("/"),
            path=request.path,
            cart=cart_json(self._services.store.shop, cart, priced, shopper.locale),
            product=product,
        )
        return self._extension.render_page(
            template,
            objects,
            embed_enabled=embed_enabled(self._services),
            overrides=block_overrides(self._services),
        )


def widget_folder(services: Services) -> Path:
    """Return the folder of the theme app extension."""
    return services.settings.extensions / WIDGET
