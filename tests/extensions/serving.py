"""Serves a fake over HTTP for as long as a test looks at it."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask
from werkzeug.serving import make_server

from tests.slowness import slowness


@contextmanager
def serving(app: Flask) -> Iterator[str]:
    """Serve `app` on a free port and yield its address."""
    server = make_server("127.0.0.1", 0, slowness.answering(app), threaded=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
