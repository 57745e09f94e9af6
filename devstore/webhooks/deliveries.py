"""The queue and the log of deliveries."""

import random
import sqlite3
import time
import uuid
from dataclasses import dataclass

from devstore.store.app_config import AppConfig
from devstore.store.database import Database
from devstore.webhooks.retry import next_delay
from devstore.webhooks.weather import read_weather

KEPT = 5000


@dataclass(frozen=True)
class Delivery:
    """One webhook on its way; `state` is waiting, delivered, failed or lost. Times are epochs."""

    id: int
    webhook_id: str
    event_id: str
    topic: str
    triggered_at: str
    body: bytes
    state: str
    attempts: int
    due_at: float
    last_status: int | None
    last_error: str | None
    latency_ms: int | None
    finished_at: float | None


class Deliveries:
    """The delivery table: filled from events, emptied by the sender, kept as a log."""

    def __init__(self, database: Database, config: AppConfig, retry_seconds: float) -> None:
        self._database = database
        self._config = config
        self._retry_seconds = retry_seconds
        self._chance = random.Random()  # noqa: S311 - weather needs no secrecy

    def take_in_events(self) -> int:
        """Make deliveries of the events that are new, as the weather has it."""
        if self._database.row("SELECT 1 FROM event LIMIT 1") is None:
            return 0
        with self._database.transaction() as connection:
            rows = connection.execute("SELECT * FROM event ORDER BY id LIMIT 500").fetchall()
            weather = read_weather(self._database)
            for row in rows:
                if row["topic"] in self._config.topics:
                    self._insert(connection, row, weather.delays(self._chance))
            if rows:
                connection.execute("DELETE FROM event WHERE id <= ?", (rows[-1]["id"],))
        return len(rows)

    def _insert(
        self, connection: sqlite3.Connection, event: sqlite3.Row, delays: list[float]
    ) -> None:
        webhook_id, now = str(uuid.uuid4()), time.time()
        states = [("waiting", now + delay) for delay in delays] or [("lost", now)]
        for state, due_at in states:
            connection.execute(
                "INSERT INTO delivery (webhook_id, event_id, topic, triggered_at, body, state,"
                " due_at) VALUES (?, ?, ?, ?, ?, ?, ?)",
                (
                    webhook_id, event["event_id"], event["topic"], event["triggered_at"],
                    event["body"], state, due_at,
                ),
            )  # fmt: skip

    def claim_due(self, limit: int) -> list[Delivery]:
        """Take what is due for sending; unless it is settled it is due again in 15 seconds."""
        now, next_due_at = time.time(), self.next_due_at()
        if next_due_at is None or next_due_at > now:
            return []
        with self._database.transaction() as connection:
            rows = connection.execute(
                "UPDATE delivery SET due_at = ? WHERE id IN (SELECT id FROM delivery"
                " WHERE state = 'waiting' AND due_at <= ? ORDER BY due_at, id LIMIT ?) RETURNING *",
                (now + 15, now, limit),
            ).fetchall()
        return sorted((_delivery(row) for row in rows), key=lambda each: each.id)

    def next_due_at(self) -> float | None:
        """Return when the next delivery is due, or None when none waits."""
        row = self._database.row("SELECT min(due_at) AS at FROM delivery WHERE state = 'waiting'")
        return None if row is None else row["at"]

    def settle(
        self, delivery: Delivery, status: int | None, error: str | None, latency_ms: int
    ) -> None:
        """Note how a try went: delivered, to be tried again, or failed for good."""
        attempts, now = delivery.attempts + 1, time.time()
        delivered = status is not None and 200 <= status < 300
        delay = None if delivered else next_delay(attempts, self._retry_seconds)
        state = "delivered" if delivered else "failed" if delay is None else "waiting"
        with self._database.transaction() as connection:
            connection.execute(
                "UPDATE delivery SET state = ?, attempts = ?, due_at = ?, last_status = ?,"
                " last_error = ?, latency_ms = ?, finished_at = ? WHERE id = ?",
                (
                    state, attempts, now + (delay or 0), status, error, latency_ms,
                    None if state == "waiting" else now, delivery.id,
                ),
            )  # fmt: skip
            connection.execute(
                "DELETE FROM delivery WHERE id <= ? AND state != 'waiting'", (delivery.id - KEPT,)
            )

    def all(self, limit: int = 50, offset: int = 0) -> list[Delivery]:
        """Return deliveries, the newest first."""
        sql = "SELECT * FROM delivery ORDER BY id DESC LIMIT ? OFFSET ?"
        return [_delivery(row) for row in self._database.rows(sql, limit, offset)]

    def get(self, delivery_id: int) -> Delivery | None:
        """Return one delivery, or None."""
        row = self._database.row("SELECT * FROM delivery WHERE id = ?", delivery_id)
        return None if row is None else _delivery(row)

    def counts(self) -> dict[str, int]:
        """Return how many deliveries are in each state."""
        rows = self._database.rows("SELECT state, count(*) AS n FROM delivery GROUP BY state")
        return {row["state"]: row["n"] for row in rows}

    def send_again(self, delivery_id: int) -> None:
        """Let a delivery be tried now, whatever became of it: a lost or failed one too."""
        with self._database.transaction() as connection:
            connection.execute(
                "UPDATE delivery SET state = 'waiting', attempts = 0, due_at = ? WHERE id = ?",
                (time.time(), delivery_id),
            )

    def pending(self) -> int:
        """Return how many events and deliveries are still under way."""
        sql = (
            "SELECT (SELECT count(*) FROM event)"
            " + (SELECT count(*) FROM delivery WHERE state = 'waiting') AS n"
        )
        return int(self._database.rows(sql)[0]["n"])


def _delivery(row: sqlite3.Row) -> Delivery:
    return Delivery(**{name: row[name] for name in Delivery.__dataclass_fields__})
