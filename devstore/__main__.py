"""Runs the development store: `python -m devstore --port 8100 --app-url http://127.0.0.1:8000`."""

import signal
import sys
import threading

from werkzeug.serving import WSGIRequestHandler, make_server

from devstore.services import build_services
from devstore.settings import MissingSettings, parse
from devstore.web import create_app


class QuietHandler(WSGIRequestHandler):
    """Keeps connections open between requests and does not log each of them."""

    protocol_version = "HTTP/1.1"

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Say nothing: the app's own log tells what matters."""


def main() -> int:
    """Serve until interrupted."""
    try:
        settings = parse(sys.argv[1:])
        services = build_services(settings)
    except (MissingSettings, FileNotFoundError) as problem:
        print(problem, file=sys.stderr)
        return 2
    app = create_app(services)
    server = make_server(
        "127.0.0.1", settings.port, app, threaded=True, request_handler=QuietHandler
    )
    services.sender.start()
    # shutdown() waits for serve_forever(), so it may not run on the main thread.
    stop = threading.Thread(target=server.shutdown)
    signal.signal(signal.SIGTERM, lambda *_: stop.start())
    signal.signal(signal.SIGINT, lambda *_: stop.start())
    print(f"The development store answers at {settings.origin}", flush=True)
    server.serve_forever()
    services.sender.stop()
    return 0


if __name__ == "__main__":
    sys.exit(main())
