"""Sends what is due: signed, with Shopify's time-out, tried again as Shopify does."""

import logging
import threading
import time
from urllib.parse import urljoin

import requests

from devstore.settings import Settings
from devstore.store.store import Store
from devstore.webhooks.bodies import Bodies
from devstore.webhooks.deliveries import Deliveries, Delivery
from devstore.webhooks.signing import webhook_headers

logger = logging.getLogger(__name__)

THREADS = 4
BATCH = 8
CONNECT_TIMEOUT_S = 1.0
TIMEOUT_S = 5.0
# Another process may write events too (history does), so the queue is looked at this often.
LOOK_EVERY_S = 0.5


class Sender:
    """Threads that empty the queue; `deliveries` is the queue and the log."""

    def __init__(self, store: Store, settings: Settings) -> None:
        self.deliveries = Deliveries(store.database, store.config, settings.retry_seconds)
        self._store = store
        self._settings = settings
        self._news = threading.Event()
        self._stopping = threading.Event()
        self._threads: list[threading.Thread] = []
        bodies = Bodies(store.shop, store.customers.get, store.orders)
        store.announce_with(bodies, wake=self._news.set)

    def start(self) -> None:
        """Start sending; what was queued before is sent too."""
        self._stopping.clear()
        for number in range(THREADS):
            thread = threading.Thread(
                target=self._work, name=f"webhook-sender-{number}", daemon=True
            )
            thread.start()
            self._threads.append(thread)

    def stop(self) -> None:
        """Stop after what is under way; what is queued stays queued."""
        self._stopping.set()
        self._news.set()
        for thread in self._threads:
            thread.join(timeout=TIMEOUT_S + 1)
        self._threads.clear()

    def wait_until_quiet(self, timeout_seconds: float = 10.0) -> bool:
        """Wait until nothing is under way; return whether that happened in time."""
        deadline = time.monotonic() + timeout_seconds
        while self.deliveries.pending():
            if time.monotonic() > deadline:
                return False
            time.sleep(0.02)
        return True

    def _work(self) -> None:
        session = requests.Session()
        session.trust_env = False
        try:
            while not self._stopping.is_set():
                try:
                    self._turn(session)
                except Exception:  # a full disk must not end the thread for good
                    logger.exception("The webhook sender stumbled.")
                    self._stopping.wait(1)
        finally:
            session.close()
            self._store.close()

    def _turn(self, session: requests.Session) -> None:
        self._news.clear()
        self.deliveries.take_in_events()
        due = self.deliveries.claim_due(BATCH)
        for delivery in due:
            self._send(session, delivery)
        if not due:
            self._news.wait(self._idle_seconds())

    def _idle_seconds(self) -> float:
        next_due_at = self.deliveries.next_due_at()
        if next_due_at is None:
            return LOOK_EVERY_S
        return min(LOOK_EVERY_S, max(0.01, next_due_at - time.time()))

    def _send(self, session: requests.Session, delivery: Delivery) -> None:
        started = time.monotonic()
        status: int | None = None
        error: str | None = None
        try:
            response = session.post(
                urljoin(self._settings.app_url, self._store.config.topics[delivery.topic]),
                data=delivery.body,
                headers=self._headers(delivery),
                timeout=(CONNECT_TIMEOUT_S, TIMEOUT_S),
                allow_redirects=False,
            )
            status = response.status_code
            error = None if response.ok else response.text[:200]
        except requests.RequestException as problem:
            error = type(problem).__name__
        latency_ms = int((time.monotonic() - started) * 1000)
        self.deliveries.settle(delivery, status, error, latency_ms)

    def _headers(self, delivery: Delivery) -> dict[str, str]:
        return webhook_headers(
            body=delivery.body,
            secret=self._settings.client_secret,
            topic=delivery.topic,
            domain=self._store.shop.domain,
            api_version=self._store.config.api_version,
            webhook_id=delivery.webhook_id,
            event_id=delivery.event_id,
            triggered_at=delivery.triggered_at,
        )
