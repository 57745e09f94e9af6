"""What happened in the shop, kept with the change itself until it is announced."""

import uuid
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Protocol

from devstore.store.database import Database


class Payloads(Protocol):
    """Builds the body of a webhook from what changed."""

    def __call__(self, topic: str, subject: object) -> bytes:
        """Return the JSON body of `topic` about `subject`."""


# Shopify sends shop/redact 48 hours after an uninstall, and the others whenever they are asked for.
COMPLIANCE_TOPICS = frozenset({"customers/data_request", "customers/redact", "shop/redact"})


class Events:
    """Writes events in the transaction of the change, as long as the app is installed."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._payloads: Payloads | None = None
        self._wake: Callable[[], None] = _nobody

    def use(self, payloads: Payloads, wake: Callable[[], None] | None = None) -> None:
        """Say who builds bodies and whom to wake; until then nothing is announced."""
        self._payloads = payloads
        self._wake = wake or _nobody

    def announce(self, topic: str, subject: object) -> None:
        """Store an event with the body as of now; to an uninstalled app only compliance topics."""
        installed = self._database.setting("installed_at") is not None
        if self._payloads is None or not (installed or topic in COMPLIANCE_TOPICS):
            return
        body = self._payloads(topic, subject)
        triggered_at = datetime.now(UTC).isoformat(timespec="microseconds")
        with self._database.transaction() as connection:
            connection.execute(
                "INSERT INTO event (event_id, topic, triggered_at, body) VALUES (?, ?, ?, ?)",
                (str(uuid.uuid4()), topic, triggered_at.replace("+00:00", "Z"), body),
            )
            self._database.after_commit(self._wake)


def _nobody() -> None:
    """Wake nobody: another process sends."""
