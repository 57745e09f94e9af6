"""What every blueprint of the development store is given."""

from dataclasses import dataclass

from devstore.settings import Settings
from devstore.store.clock import Clock
from devstore.store.store import Store, open_store
from devstore.webhooks.sender import Sender


@dataclass(frozen=True)
class Services:
    """The store, the webhook sender, the business clock and the settings."""

    store: Store
    sender: Sender
    clock: Clock
    settings: Settings


def build_services(settings: Settings) -> Services:
    """Open the store and wire the sender to it; the sender is started by the caller."""
    store = open_store(settings)
    return Services(store, Sender(store, settings), store.clock, settings)
