"""A history's webhooks as messages ready to send: signed, in bad weather if asked."""

import random
import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from devstore.history.happenings import Happening, History
from devstore.settings import Settings
from devstore.store.store import Store
from devstore.webhooks.bodies import Bodies
from devstore.webhooks.signing import webhook_headers


@dataclass(frozen=True)
class Disorder:
    """Shares of deliveries that come twice or never, and the window they are shuffled within."""

    duplicate: float = 0.0
    shuffle: int = 0
    drop: float = 0.0


@dataclass(frozen=True)
class Message:
    """One delivery: its head, complete but for the request line and the host, and its body."""

    head: bytes
    body: bytes


def messages(
    store: Store, settings: Settings, history: History, happenings: Iterable[Happening], seed: int
) -> Iterator[Message]:
    """Return the deliveries of happenings whose topics the app takes.

    The same seed gives the same webhook ids, so that sending a history again is a repeat.
    """
    chance = random.Random(seed)
    customers = {customer.id: customer for customer in history.customers}
    bodies = Bodies(store.shop, customers.get, store.orders)
    for happening in happenings:
        if happening.topic in store.config.topics:
            body = bodies(happening.topic, happening.subject)
            yield Message(_head(store, settings, happening.topic, body, chance), body)


def _head(
    store: Store, settings: Settings, topic: str, body: bytes, chance: random.Random
) -> bytes:
    triggered_at = datetime.now(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
    headers = webhook_headers(
        body=body,
        secret=settings.client_secret,
        topic=topic,
        domain=store.shop.domain,
        api_version=store.config.api_version,
        webhook_id=str(uuid.UUID(int=chance.getrandbits(128), version=4)),
        event_id=str(uuid.UUID(int=chance.getrandbits(128), version=4)),
        triggered_at=triggered_at,
    )
    lines = [f"{name}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, f"Content-Length: {len(body)}", "\r\n"]).encode()


def disordered(ordered: Iterable[Message], disorder: Disorder, seed: int) -> Iterator[Message]:
    """Drop, double and shuffle deliveries; none moves by more than about the window."""
    chance = random.Random(seed + 1)
    window: list[Message] = []
    for message in ordered:
        if chance.random() < disorder.drop:
            continue
        window += [message] * (2 if chance.random() < disorder.duplicate else 1)
        while len(window) > disorder.shuffle:
            yield window.pop(chance.randrange(len(window)) if disorder.shuffle else 0)
    chance.shuffle(window)
    yield from window
