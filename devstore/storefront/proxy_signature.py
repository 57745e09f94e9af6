"""Signs the query of an app proxy request as Shopify does."""

import hashlib
import hmac
from collections.abc import Iterable

Query = list[tuple[str, str]]

RESERVED = frozenset({"shop", "logged_in_customer_id", "path_prefix", "timestamp", "signature"})


def signed_query(
    asked: Iterable[tuple[str, str]],
    *,
    shop: str,
    customer_id: int | None,
    path_prefix: str,
    timestamp: int,
    secret: str,
) -> Query:
    """Return the query that reaches the app: what the browser asked, and what Shopify vouches for.

    Names that Shopify fills itself are taken out of what the browser asked.

    Args:
        asked: The browser's own parameters, decoded.
        shop: The shop's myshopify domain.
        customer_id: Who is signed in, or None; the parameter is then empty.
        path_prefix: The path under which the storefront offers the app.
        timestamp: Real time, in seconds since 1970.
        secret: The app's client secret.
    """
    query = [(name, value) for name, value in asked if name not in RESERVED]
    query += [
        ("shop", shop),
        ("logged_in_customer_id", "" if customer_id is None else str(customer_id)),
        ("path_prefix", path_prefix),
        ("timestamp", str(timestamp)),
    ]
    return [*query, ("signature", signature(query, secret))]


def signature(query: Query, secret: str) -> str:
    """Return the hexadecimal HMAC over the sorted parameters, joined without separators."""
    values: dict[str, list[str]] = {}
    for name, value in query:
        values.setdefault(name, []).append(value)
    message = "".join(f"{name}={','.join(values[name])}" for name in sorted(values))
    return hmac.new(secret.encode(), message.encode(), hashlib.sha256).hexdigest()
