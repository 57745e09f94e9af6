"""Lets merchants' staff in by the id token that Shopify's admin sends along."""

import logging
import re
from dataclasses import dataclass
from typing import cast
from urllib.parse import quote

from flask import Response, g, make_response, redirect, request
from werkzeug.exceptions import ServiceUnavailable
from werkzeug.wrappers import Response as BaseResponse

from app.container import current_container
from app.flows.install import Access, OpenedShop, open_shop
from app.flows.shop_lock import ShopBusy
from app.shopify.errors import IdTokenRefused, ShopifyError
from app.shopify.id_tokens import AdminToken, TokenInvalid, read_admin_token
from app.web.auth.framing import allow_framing

logger = logging.getLogger(__name__)

PATCH_PATH = "/auth/patch"
RETRY_HEADER = "X-Shopify-Retry-Invalid-Session-Request"


@dataclass(frozen=True, slots=True, kw_only=True)
class AdminIdentity:
    """The member of staff who is asking, verified."""

    shop: str
    """The shop's myshopify.com domain."""
    program_id: int
    shop_id: int
    user_id: int
    locale: str
    newly_installed: bool = False
    access: Access = "good"
    """Whether the app can ask Shopify for anything at this shop."""


def admin_identity() -> AdminIdentity:
    """Return who is asking; only inside requests that `require_admin` let through."""
    return cast(AdminIdentity, g.admin_identity)


def require_admin() -> BaseResponse | None:
    """Let the request through with an identity, or answer it; for `Blueprint.before_request`.

    A document request carries `?id_token=`; without a good one it is sent to the patch page, which
    brings it back with a fresh one. A fetch carries a Bearer token; without a good one it gets 401
    and App Bridge tries again. The app is installed on the way when it is not yet. No cookies.
    """
    try:
        token = read_admin_token(_given_token(), current_container().settings)
        g.verified_shop = token.shop_domain
        opened = open_shop(current_container(), token)
    except TokenInvalid as invalid:
        logger.info("Admin request refused: %s.", invalid.reason)
        return _ask_for_fresh_token()
    except IdTokenRefused:
        return _ask_for_fresh_token()
    except (ShopifyError, ShopBusy) as error:
        logger.warning("The app could not be opened: %s", error)
        raise ServiceUnavailable from error
    g.admin_identity = _identity(token, opened)
    return None


def frame_by_admin(response: Response) -> Response:
    """Let the verified shop's admin frame the page; for `Blueprint.after_request`."""
    response.headers.setdefault("Cache-Control", "no-store")
    return allow_framing(response, current_container().settings, g.get("verified_shop"))


def _identity(token: AdminToken, opened: OpenedShop) -> AdminIdentity:
    return AdminIdentity(
        shop=token.shop_domain,
        program_id=opened.program_id,
        shop_id=opened.shop_id,
        user_id=token.user_id,
        locale=request.args.get("locale", "")[:10] or _accepted_locale(),
        newly_installed=opened.newly_installed,
        access=opened.access,
    )


def _accepted_locale() -> str:
    return request.accept_languages.best_match(["en", "th"]) or "en"


def _is_document_request() -> bool:
    return "Authorization" not in request.headers


def _given_token() -> str:
    if _is_document_request():
        return request.args.get("id_token", "")
    scheme, _, token = request.headers["Authorization"].partition(" ")
    return token if scheme == "Bearer" else ""


def _ask_for_fresh_token() -> BaseResponse:
    if _is_document_request() and request.method == "GET":
        return _redirect_to_patch_page()
    response = make_response("", 401)
    response.headers[RETRY_HEADER] = "1"
    return response


def _redirect_to_patch_page() -> BaseResponse:
    """Send the browser to the page where App Bridge gets a fresh token and comes back here."""
    query = _without_id_token(request.query_string.decode("latin-1"))
    wanted = request.path + (f"?{query}" if query else "")
    reload_part = f"shopify-reload={quote(wanted, safe='')}"
    return redirect(
        f"{PATCH_PATH}?{query}&{reload_part}" if query else f"{PATCH_PATH}?{reload_part}"
    )


def _without_id_token(query: str) -> str:
    # The raw text is kept: decoding and encoding it again could change what Shopify signed.
    return re.sub(r"(?:^|&)id_token=[^&]*", "", query).lstrip("&")
