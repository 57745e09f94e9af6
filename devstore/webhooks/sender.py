"""Delivers webhooks from the queue in the store."""

from devstore.settings import Settings
from devstore.store.store import Store


class Sender:
    """Threads that sign and send what is due."""

    def __init__(self, store: Store, settings: Settings) -> None:
        self._store = store
        self._settings = settings

    def start(self) -> None:
        """Start sending."""

    def stop(self) -> None:
        """Stop sending; what is queued stays queued."""
