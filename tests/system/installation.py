"""The whole of it in processes of their own: development store, app and worker."""

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from cryptography.fernet import Fernet

PROJECT = Path(__file__).resolve().parents[2]
START_SECONDS_MAX = 60


@dataclass(frozen=True)
class Installation:
    """Where the parts answer, and the environment of the app's commands."""

    store_url: str
    app_url: str
    environment: dict[str, str]
    logs: Path

    def command(self, *arguments):
        """Run one of the app's commands to its end."""
        return subprocess.run(
            [sys.executable, "-m", "app.cli", *arguments],
            cwd=PROJECT,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=120,
        )


@contextmanager
def installation(database_url, folder, *, store_options=(), server_processes=1):
    """Run everything on free ports until the end of the block."""
    store_port, app_port = _free_ports(2)
    store, app = f"http://127.0.0.1:{store_port}", f"http://127.0.0.1:{app_port}"
    environment = os.environ | {
        "DATABASE_URL": database_url,
        "SHOPIFY_CLIENT_ID": "client-1",
        "SHOPIFY_CLIENT_SECRET": "secret-1-long-enough-for-hs256-signing",
        "APP_URL": app,
        "ENCRYPTION_KEYS": Fernet.generate_key().decode(),
        "LEDGER_KEY": "61" * 32,
        "SHOPIFY_ORIGIN_TEMPLATE": f"{store}/shop/{{shop}}",
        "SHOPIFY_CDN": f"{store}/cdn",
        "ADMIN_ORIGINS": store,
        "CLOCK_URL": f"{store}/clock",
        "PORT": str(app_port),
    }
    options = ["--port", str(store_port), "--data", str(folder / "devstore"), "--app-url", app]
    commands = {
        "devstore": ["devstore", *options, *store_options],
        "server": ["app.cli", "server", "--workers", str(server_processes)],
        "worker": ["app.cli", "worker"],
    }
    with ExitStack() as stack:
        for name, arguments in commands.items():
            stack.enter_context(_running(name, arguments, environment, folder))
        _wait_for(f"{store}/clock")
        _wait_for(f"{app}/healthz")
        yield Installation(store_url=store, app_url=app, environment=environment, logs=folder)


@contextmanager
def _running(name, arguments, environment, folder):
    with (folder / f"{name}.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", *arguments],
            cwd=PROJECT,
            env=environment,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _free_ports(count):
    with ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket()) for _ in range(count)]
        for each in sockets:
            each.bind(("127.0.0.1", 0))
        return [each.getsockname()[1] for each in sockets]


def _wait_for(url):
    deadline = time.monotonic() + START_SECONDS_MAX
    while True:
        try:
            urllib.request.urlopen(url, timeout=2).close()
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)
        else:
            return
