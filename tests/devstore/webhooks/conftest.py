"""An app that takes webhooks in, as far as the sender can tell."""

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from flask import Flask, request
from werkzeug.serving import make_server


@dataclass
class Intake:
    """What arrived, and the statuses to answer with, the last one for ever."""

    url: str = ""
    statuses: list[int] = field(default_factory=lambda: [200])
    arrived: list[tuple[dict[str, str], bytes]] = field(default_factory=list)

    def topics(self) -> list[str]:
        return [headers["X-Shopify-Topic"] for headers, _ in self.arrived]

    def wait_for(self, count: int, seconds: float = 5.0) -> None:
        deadline = time.monotonic() + seconds
        while len(self.arrived) < count:
            assert time.monotonic() < deadline, f"{len(self.arrived)} of {count} arrived"
            time.sleep(0.01)


@pytest.fixture
def intake() -> Iterator[Intake]:
    app, taken = Flask("intake"), Intake()
    lock = threading.Lock()

    @app.post("/webhooks")
    def webhooks() -> tuple[str, int]:
        with lock:
            taken.arrived.append((dict(request.headers), request.get_data()))
            status = taken.statuses.pop(0) if len(taken.statuses) > 1 else taken.statuses[0]
        return "", status

    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    taken.url = f"http://127.0.0.1:{server.server_port}"
    yield taken
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def running(start_store: Callable[..., Any], intake: Intake) -> Any:
    """A store whose app is installed and takes webhooks."""
    running = start_store(app_url=intake.url, retry_seconds=0.05)
    running.store.installation.install()
    return running
