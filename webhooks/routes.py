"""`POST /webhooks` as a bare WSGI callable: verified, stored, answered."""

import logging
from collections.abc import Iterable
from typing import TYPE_CHECKING

import psycopg

from webhooks.group_commit import NotCommitted
from webhooks.inbox import Inbox, UnknownShop
from webhooks.verify import Signatures, read_headers, signature_of

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

logger = logging.getLogger(__name__)

BODY_BYTES_MAX = 5 * 1024 * 1024
"""Several times the largest order that Shopify sends."""

OK = "200 OK"
EMPTY = [("Content-Length", "0")]


class Refusal(Exception):
    """A webhook that is not taken in."""

    def __init__(self, status: str, reason: str, **fields: int | str) -> None:
        super().__init__(reason)
        self.status = status
        self.fields = {"status": int(status[:3]), "reason": reason, **fields}


class WebhookIntake:
    """Takes webhooks in; every answer is empty, its status says all."""

    path = "/webhooks"

    def __init__(self, signatures: Signatures, inbox: Inbox) -> None:
        self._signatures = signatures
        self._inbox = inbox

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        """Answer 200 once the webhook is on disk, also to one that was known already."""
        status = OK
        headers = EMPTY
        try:
            self._take(environ)
        except Refusal as refusal:
            status = refusal.status
            if status.startswith("405"):
                headers = [*EMPTY, ("Allow", "POST")]
            logger.warning("webhook.refused", extra={"fields": refusal.fields})
        start_response(status, headers)
        return [b""]

    def close(self) -> None:
        """End what runs in the background."""
        self._inbox.close()

    def _take(self, environ: "WSGIEnvironment") -> None:
        if environ["REQUEST_METHOD"] != "POST":
            raise Refusal("405 Method Not Allowed", "method")
        body = read_body(environ)
        if not self._signatures.hold(body, signature_of(environ)):
            raise Refusal("401 Unauthorized", "signature", bytes=len(body))
        headers = read_headers(environ)
        if headers is None:
            raise Refusal("400 Bad Request", "headers")
        try:
            self._inbox.take(headers, body)
        except UnknownShop:
            # The domain was signed by Shopify, so it may be told.
            raise Refusal("404 Not Found", "unknown_shop", shop=headers.shop_domain) from None
        except (NotCommitted, psycopg.Error):
            raise Refusal("503 Service Unavailable", "not_committed") from None


def read_body(environ: "WSGIEnvironment") -> bytes:
    """Return the body, refusing one over BODY_BYTES_MAX without reading it whole."""
    try:
        announced = int(environ.get("CONTENT_LENGTH") or 0)
    except ValueError:
        raise Refusal("400 Bad Request", "content_length") from None
    if announced > BODY_BYTES_MAX:
        raise Refusal("413 Content Too Large", "announced_length", bytes=announced)
    # A chunked body announces nothing; the server ends the stream where the body ends.
    limit = announced if announced else BODY_BYTES_MAX + 1
    body: bytes = environ["wsgi.input"].read(limit)
    if len(body) > BODY_BYTES_MAX:
        raise Refusal("413 Content Too Large", "length", bytes=len(body))
    return body
