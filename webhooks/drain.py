"""Empties a shop's inbox, batch by batch, until nothing is due or others want their turn."""

import logging
import threading
import time
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.clock import utc_now
from app.container import Container
from app.db.encryption import Vault
from app.db.models import Shop
from app.db.session import Tenant
from webhooks.inbox_rows import lock_due, read_due, settle
from webhooks.process import Batch, apply, translate
from webhooks.topic import Scope

logger = logging.getLogger(__name__)

BATCH_EVENTS = 500
RUN_S = 4.0
"""A drain is a job, and jobs are short: what is left is another's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _ReadAhead:
    """A batch that was read and translated, but not locked yet."""

    event_ids: list[int]
    batch: Batch

    @property
    def last_id(self) -> int:
        return self.event_ids[-1]


class Turns:
    """Lets one thread of this process at a time drain a shop."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._wanted: dict[int, bool] = {}

    def begin(self, shop_id: int) -> bool:
        """Return whether it is the caller's turn; if not, who has it will look once more."""
        with self._lock:
            if shop_id in self._wanted:
                self._wanted[shop_id] = True
                return False
            self._wanted[shop_id] = False
            return True

    def may_end(self, shop_id: int) -> bool:
        """End the turn, unless somebody asked for the shop since the last look."""
        with self._lock:
            if self._wanted[shop_id]:
                self._wanted[shop_id] = False
                return False
            del self._wanted[shop_id]
            return True

    def end(self, shop_id: int) -> None:
        """End the turn in any case."""
        with self._lock:
            self._wanted.pop(shop_id, None)


class Drain:
    """Handles what waits in the inboxes."""

    def __init__(self, parts: Container) -> None:
        self._parts = parts
        self._turns = Turns()
        self._vault = Vault(parts.settings.encryption_keys, parts.settings.ledger_key)

    def __call__(self, shop_id: int) -> int:
        """Handle the shop's due events; return how many. What is left is enqueued again."""
        program_id = self._program_id(shop_id)
        if program_id is None or not self._turns.begin(shop_id):
            return 0
        try:
            handled, left = self._drain(shop_id, program_id)
        except BaseException:
            self._turns.end(shop_id)
            raise
        if left:
            self._turns.end(shop_id)
            self._parts.jobs.enqueue("drain_inbox", shop_id=shop_id)
        if handled:
            self._parts.jobs.enqueue("push_member_metafields", program_id=program_id)
        return handled

    def _drain(self, shop_id: int, program_id: int) -> tuple[int, bool]:
        """Return how many events were handled, and whether some may be left.

        The turn is ended exactly when nothing is left.
        """
        ends = time.monotonic() + RUN_S
        handled = 0
        with ThreadPoolExecutor(1, "read-ahead") as reader:
            while time.monotonic() < ends:
                count = self._pass(reader, shop_id, program_id, ends)
                handled += count
                if count == 0 and self._turns.may_end(shop_id):
                    return handled, False
        return handled, True

    def _pass(self, reader: Executor, shop_id: int, program_id: int, ends: float) -> int:
        """Handle what is due from the oldest on; return how many events.

        While the database applies a batch, the next one is read and translated.
        """
        handled = 0
        ahead = reader.submit(self._read, shop_id, program_id, 0)
        while (read := ahead.result()) is not None:
            ahead = reader.submit(self._read, shop_id, program_id, read.last_id)
            handled += self._apply(shop_id, program_id, read)
            if time.monotonic() >= ends:
                break
        return handled

    def _read(self, shop_id: int, program_id: int, after_id: int) -> _ReadAhead | None:
        """Return the next batch, translated; None when nothing is due past `after_id`."""
        tenant = Tenant(program_id=program_id, shop_id=shop_id)
        with self._parts.database.tenant(tenant) as session:
            events = read_due(session, shop_id, after_id, BATCH_EVENTS)
        if not events:
            return None
        scope = self._scope(shop_id, program_id)
        return _ReadAhead(
            event_ids=[event.event_id for event in events], batch=translate(events, scope)
        )

    def _apply(self, shop_id: int, program_id: int, read: _ReadAhead) -> int:
        """Handle a batch in one transaction; return how many of its events were still due."""
        started = time.perf_counter()
        tenant = Tenant(program_id=program_id, shop_id=shop_id)
        with self._parts.database.tenant(tenant) as session:
            due = lock_due(session, shop_id, read.event_ids)
            batch = read.batch.only(due)
            report = apply(session, self._scope(shop_id, program_id), batch.translated)
            settle(session, shop_id, [*batch.verdicts, *report.verdicts])
            self._fetch(session, shop_id, report.fetch_order_ids)
            if report.marks_wanted:
                self._parts.jobs.enqueue("read_customer_marks", session=session, shop_id=shop_id)
            if report.facts_wanted:
                self._parts.jobs.enqueue("fetch_order_facts", session=session, shop_id=shop_id)
        logger.info(
            "inbox.drained",
            extra={
                "fields": {
                    "shop_id": shop_id,
                    "events": len(due),
                    "ms": round((time.perf_counter() - started) * 1000),
                }
            },
        )
        return len(due)

    def _fetch(self, session: Session, shop_id: int, order_ids: set[int]) -> None:
        if order_ids:
            self._parts.jobs.enqueue(
                "refetch_orders", session=session, shop_id=shop_id, order_ids=sorted(order_ids)
            )

    def _scope(self, shop_id: int, program_id: int) -> Scope:
        return Scope(
            shop_id=shop_id,
            program_id=program_id,
            now=utc_now(),
            ledger_key=self._parts.settings.ledger_key,
            vault=self._vault,
        )

    def _program_id(self, shop_id: int) -> int | None:
        with self._parts.database.sweep() as session:
            return session.scalar(select(Shop.program_id).where(Shop.id == shop_id))
