"""The same programme on PostgreSQL, told by webhooks that lie in the inbox until they are drained."""

import itertools
import json
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from typing import Any
from unittest.mock import patch

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.container import Container
from app.db.session import Database
from app.domain.order_snapshot import OrderSnapshot, Refund
from app.domain.program_rules import ProgramRules
from app.settings import Settings
from app.shopify.gateway import connect_shopify
from tests.app.engine.driver import Crash
from tests.app.engine.payloads import order_payload, refund_payload
from tests.app.engine.postgres_driver import PostgresDriver, crashing
from webhooks.drain import Drain
from webhooks.packing import pack

INSERT = text(
    "insert into webhook_event (shop_id, webhook_id, event_id, topic, api_version, triggered_at,"
    " received_at, body) values (:shop_id, :number, :number, :topic, '2026-10', :at, now(), :body)"
)


class _Jobs:
    """Notes which orders the drain asks to be fetched."""

    def __init__(self) -> None:
        self.fetch: list[int] = []

    def enqueue(self, name: str, session: Session | None = None, **args: Any) -> None:
        if name == "refetch_orders":
            self.fetch += args["order_ids"]

    def enqueue_soon(self, name: str, **args: Any) -> None:
        self.enqueue(name, **args)


class InboxDriver(PostgresDriver):
    """A programme whose shop sends webhooks; what is fetched goes to the services all the same."""

    def __init__(
        self, database: Database, settings: Settings, rules: ProgramRules, now: datetime
    ) -> None:
        super().__init__(database, rules, now)
        self._jobs = _Jobs()
        self._numbers = itertools.count(1)
        self._drain = Drain(
            Container(
                settings=settings,
                database=database,
                jobs=self._jobs,
                shopify=connect_shopify(settings),
            )
        )

    def take_in(
        self,
        snapshots: Sequence[OrderSnapshot] = (),
        refunds: Sequence[tuple[int, Refund]] = (),
        deleted: Sequence[int] = (),
        *,
        fetched: bool = False,
    ) -> Sequence[int]:
        if fetched:
            return super().take_in(snapshots, refunds, deleted, fetched=True)
        told = [("orders/updated", order_payload(snapshot)) for snapshot in snapshots]
        told += [("refunds/create", refund_payload(id_, refund)) for id_, refund in refunds]
        told += [("orders/delete", {"id": order_id}) for order_id in deleted]
        self._tell(told)
        asked, self._jobs.fetch = self._jobs.fetch, []
        return sorted(set(asked))

    def enrol(self, customer: int, created_at: datetime) -> None:
        at = created_at.isoformat()
        payload = {"id": customer, "created_at": at, "updated_at": at, "first_name": "Mali"}
        self._tell([("customers/create", payload)])

    def merge(self, kept: int, merged: int) -> None:
        payload = {
            "admin_graphql_api_customer_kept_id": f"gid://shopify/Customer/{kept}",
            "admin_graphql_api_customer_deleted_id": f"gid://shopify/Customer/{merged}",
        }
        self._tell([("customers/merge", payload)])

    def delete(self, customer: int) -> None:
        self._tell([("customers/delete", {"id": customer})])

    def redact(self, customer: int) -> None:
        self._tell([("customers/redact", {"customer": {"id": customer}})])

    def _tell(self, told: Sequence[tuple[str, dict[str, Any]]]) -> None:
        """Put webhooks into the inbox and drain it; a crash leaves them there for the next time."""
        shop_id = self._store.shop_id
        rows = [
            {
                "shop_id": shop_id,
                "number": str(next(self._numbers)),
                "topic": topic,
                "at": self.now.isoformat(),
                "body": pack(json.dumps(payload).encode()),
            }
            for topic, payload in told
        ]
        with self._store.database.owner.begin() as connection:
            connection.execute(INSERT, rows)
        steps, self.crash_after = self.crash_after, None
        with patch("webhooks.drain.utc_now", lambda: self.now):
            if steps is not None:
                with suppress(Crash), crashing(steps):
                    self._drain(shop_id)
            self._drain(shop_id)

    def prove(self) -> list[str]:
        with self._store.database.owner.connect() as connection:
            failed = connection.execute(
                text(
                    "select topic, reason from webhook_event where shop_id = :id and state in (0, 3)"
                ),
                {"id": self._store.shop_id},
            )
            return [*super().prove(), *(f"{topic}: {reason}" for topic, reason in failed)]
