"""The app and its worker against a real store, with what `shopify app dev` puts in the environment."""

import os
import sys

from app.db.migrate import migrate
from app.development.database import development_database
from app.development.installation import DATA, development_secrets
from app.development.processes import StopRequestedError, processes, stop_requests


def run_develop() -> None:
    """Serve the app and do its background work until someone stops it.

    Raises:
        ProcessEnded: the server or the worker stopped by itself.
    """
    try:
        with stop_requests(), development_database() as database_url:
            migrate(database_url)
            with processes(DATA / "logs", _environment(database_url)) as group:
                group.start("app", [sys.executable, "-m", "app.cli", "server"])
                group.start("worker", [sys.executable, "-m", "app.cli", "worker"])
                print("The app and its worker run; their logs are in .data/logs.", flush=True)
                group.watch()
    except StopRequestedError:
        print("Stopped.")


def _environment(database_url: str) -> dict[str, str]:
    """Return the app's settings, from the names that the Shopify CLI uses."""
    given = os.environ
    named = {
        "SHOPIFY_CLIENT_ID": given.get("SHOPIFY_CLIENT_ID") or given.get("SHOPIFY_API_KEY"),
        "SHOPIFY_CLIENT_SECRET": given.get("SHOPIFY_CLIENT_SECRET")
        or given.get("SHOPIFY_API_SECRET"),
        "APP_URL": given.get("APP_URL") or given.get("HOST"),
    }
    kept = {
        name: value
        for name, value in development_secrets().items()
        if name in ("ENCRYPTION_KEYS", "LEDGER_KEY")
    }
    found = {name: value for name, value in named.items() if value}
    return {**kept, **given, **found, "DATABASE_URL": database_url}
