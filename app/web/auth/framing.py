"""Which sites may show the app's pages in a frame: the shop's own admin, and nobody else."""

from flask import Response

from app.settings import Settings
from app.shopify.shop_domain import is_shop_domain


def allow_framing(response: Response, settings: Settings, shop_domain: str | None) -> Response:
    """Let `shop_domain`'s admin frame the response; without a known shop, no one may."""
    ancestors = "'none'"
    if shop_domain is not None and is_shop_domain(shop_domain):
        ancestors = " ".join((f"https://{shop_domain}", *settings.admin_origins))
    response.headers["Content-Security-Policy"] = f"frame-ancestors {ancestors};"
    return response
