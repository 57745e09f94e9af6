"""The page that holds App Bridge alone: it gets a fresh id token and goes where it was asked to."""

from flask import Blueprint, Response, render_template, request
from werkzeug.exceptions import BadRequest

from app.container import current_container
from app.shopify.shop_domain import is_shop_domain
from app.web.auth.framing import allow_framing

blueprint = Blueprint("auth", __name__)


@blueprint.get("/auth/patch")
def patch() -> Response:
    """Return the page, for a shop's admin to frame; App Bridge reads `shopify-reload` itself."""
    shop_domain = request.args.get("shop", "")
    wanted = request.args.get("shopify-reload", "")
    # Only pages of this app may be reloaded, and only a real shop may end up in the policy.
    if not is_shop_domain(shop_domain) or not wanted.startswith("/") or wanted.startswith("//"):
        raise BadRequest
    settings = current_container().settings
    script_url = f"{settings.shopify_cdn}/shopifycloud/app-bridge.js"
    response = Response(
        render_template(
            "auth/patch.html", client_id=settings.shopify_client_id, script_url=script_url
        )
    )
    response.headers["Link"] = f'<{script_url}>; rel="preload"; as="script"'
    response.headers["Cache-Control"] = "no-store"
    return allow_framing(response, settings, shop_domain)
