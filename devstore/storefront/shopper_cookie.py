"""What the development store remembers about one visitor, in a signed cookie."""

import json
from dataclasses import asdict, dataclass, fields, replace
from typing import Any

from flask import Request, Response, g, request
from itsdangerous import BadSignature, URLSafeSerializer

COOKIE = "devstore_shopper"
LOOKS = ("light", "dark")
CORNERS = (0, 6, 14, 24)
LOCALES = ("en", "th")
APPS = "/apps/"


@dataclass(frozen=True)
class Shopper:
    """Who is shopping, and how the shop should look to them."""

    customer_id: int | None = None
    locale: str = "en"
    look: str = "light"
    corners: int = 14
    refuse_codes_at_checkout: bool = False


def current_shopper(signer: URLSafeSerializer) -> Shopper:
    """Return the visitor of this request; `?locale=` counts and is remembered."""
    if "shopper" not in g:
        shopper = _read(request, signer)
        # What is forwarded to the app carries the app's own parameters, not the shop's.
        locale = "" if request.path.startswith(APPS) else request.args.get("locale", "")
        g.shopper = replace(shopper, locale=locale) if locale in LOCALES else shopper
        g.shopper_changed = g.shopper != shopper
    found: Shopper = g.shopper
    return found


def change_shopper(signer: URLSafeSerializer, **changes: Any) -> None:  # noqa: ANN401
    """Change what is remembered of the visitor, from this answer on."""
    g.shopper = replace(current_shopper(signer), **changes)
    g.shopper_changed = True


def keep_shopper(response: Response, signer: URLSafeSerializer) -> Response:
    """Write the cookie if this request changed what it holds."""
    if g.get("shopper_changed"):
        value = signer.dumps(asdict(g.shopper))
        response.set_cookie(COOKIE, str(value), httponly=True, samesite="Lax")
    return response


def _read(of: Request, signer: URLSafeSerializer) -> Shopper:
    try:
        held = signer.loads(of.cookies.get(COOKIE, ""))
    except (BadSignature, json.JSONDecodeError):
        return Shopper()
    known = {field.name for field in fields(Shopper)}
    return Shopper(**{name: value for name, value in held.items() if name in known})
