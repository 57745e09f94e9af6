"""Refuses bodies that are too large before anything reads them, chunked ones included."""

import io
from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment


class BodyCap:
    """Lets bodies of up to `bytes_max` through.

    Flask refuses a larger announced length by itself, but cuts a chunked body off at its limit
    without a word; so a body whose length is not announced is read here, up to the limit.
    """

    def __init__(self, rest: "WSGIApplication", bytes_max: int) -> None:
        self._rest = rest
        self._bytes_max = bytes_max

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        """Pass the request on, or answer 413."""
        if environ.get("HTTP_TRANSFER_ENCODING") and not environ.get("CONTENT_LENGTH"):
            body = environ["wsgi.input"].read(self._bytes_max + 1)
            if len(body) > self._bytes_max:
                start_response("413 Content Too Large", [("Content-Length", "0")])
                return [b""]
            del environ["HTTP_TRANSFER_ENCODING"]
            environ["wsgi.input"] = io.BytesIO(body)
            environ["CONTENT_LENGTH"] = str(len(body))
        return self._rest(environ, start_response)
