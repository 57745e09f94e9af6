"""The address at which the admin's iframe loads the app."""

import hashlib
import hmac
import time
from collections.abc import Iterable
from urllib.parse import urlencode

from devstore.store.tokens import Tokens


def app_address(
    app_url: str, tokens: Tokens, path: str, query: Iterable[tuple[str, str]], locale: str
) -> str:
    """Return the app's `path` with its own `query` and the signed parameters of the session."""
    session = {
        "embedded": "1",
        "host": tokens.host,
        "id_token": tokens.id_token(),
        "locale": locale,
        "shop": tokens.domain,
        "timestamp": str(int(time.time())),
    }
    parameters = {**dict(query), **session}
    parameters["hmac"] = _signature(parameters, tokens.client_secret)
    return f"{app_url.rstrip('/')}/{path.lstrip('/')}?{urlencode(parameters)}"


def _signature(parameters: dict[str, str], secret: str) -> str:
    message = urlencode(sorted(parameters.items()))
    return hmac.new(secret.encode(), message.encode(), hashlib.sha256).hexdigest()
