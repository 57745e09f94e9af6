"""The small WSGI callable in front of Flask: hot routes go past it."""

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment


class FrontDoor:
    """Hands a request to the callable that owns its exact path, else to Flask."""

    def __init__(
        self,
        hot: "Mapping[str, WSGIApplication]",
        rest: "WSGIApplication",
        closing: Iterable[Callable[[], None]] = (),
    ) -> None:
        """Take the callables, and what to call in turn when no more requests come."""
        self._hot = dict(hot)
        self._rest = rest
        self._closing = tuple(closing)

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        """Answer one request."""
        return self._hot.get(environ["PATH_INFO"], self._rest)(environ, start_response)

    def close(self) -> None:
        """End what runs in the background and close connections, where the process lives on."""
        for close in self._closing:
            close()
