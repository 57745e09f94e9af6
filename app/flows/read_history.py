"""Reads a shop's past orders: Shopify puts them into a file, which is taken in batch by batch.

Every step is kept, so that after a crash the next call goes on where the last one was. Calls for
one shop take turns; twice changes nothing.
"""

import logging
import time
from dataclasses import dataclass
from datetime import timedelta

from app.clock import utc_now
from app.container import Container
from app.db.queries.history_imports import ImportRow, open_import
from app.db.session import Tenant
from app.flows.history_batches import FileUnreadable, batches_left, beginning, position_of
from app.flows.shop_access import runner, vault_of
from app.flows.shop_tenant import shop_tenant
from app.flows.turns import turn
from app.services.advance_history_import import (
    ask_again,
    import_ended,
    operation_began,
    operation_looked_at,
    reading_began,
)
from app.services.note_reconciled import note_reconciled
from app.services.take_history_in import HistoryBatch, take_history_in
from app.shopify.bulk_file import BulkFile, FileGone, FileIncomplete, parts_for
from app.shopify.bulk_operation import BulkProgress, ShopifyBusy, ask_for_history, cancel, look_at
from app.shopify.client import Run

logger = logging.getLogger(__name__)

ATTEMPTS_MAX = 3
"""How often Shopify is asked for the file before the slow comparison has to do."""
ASK_AGAIN_AFTER = timedelta(minutes=1)
"""Times the number of attempts so far."""
LOOK_EVERY = timedelta(seconds=30)
"""The webhook tells sooner; this is for the one that got lost."""
PATIENCE_S, PAUSE_S = 8.0, 0.4
"""A small shop's file is there at once: so long it is waited for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reading:
    """A reading that is under way, and what its steps need."""

    parts: Container
    tenant: Tenant
    shop_id: int
    program_id: int
    run: Run
    row: ImportRow

    def begin(self) -> None:
        """Ask Shopify for the file; while others' operations fill its places, wait."""
        try:
            gid, at = ask_for_history(self.run)
        except ShopifyBusy:
            return
        with self.parts.database.tenant(self.tenant) as session:
            operation_began(session, import_id=self.row.id, gid=gid, at=at, now=utc_now())

    def wait(self) -> None:
        """Look how far Shopify is, for as long as a small shop takes."""
        ends = time.monotonic() + PATIENCE_S
        while True:
            progress = look_at(self.run, self.row.operation_gid or "")
            if progress is None or not progress.is_running:
                self._settle(progress)
                return
            with self.parts.database.tenant(self.tenant) as session:
                operation_looked_at(
                    session, import_id=self.row.id, orders=progress.orders, now=utc_now()
                )
            if time.monotonic() > ends:
                return
            time.sleep(PAUSE_S)

    def _settle(self, progress: BulkProgress | None) -> None:
        """Go on from an operation that has ended."""
        if progress is None or progress.status != "COMPLETED":
            self._again(progress.error_code or progress.status if progress else "UNKNOWN")
            return
        parts = parts_for(progress.bytes_in_file)
        with self.parts.database.tenant(self.tenant) as session:
            reading_began(
                session,
                import_id=self.row.id,
                orders=progress.orders,
                position=beginning(parts),
            )

    def read(self, budget_s: float) -> None:
        """Take the file in, for so many seconds."""
        ends = time.monotonic() + budget_s
        file = self._file()
        if file is None:
            return
        try:
            for batch in batches_left(file, position_of(self.row), self.run, vault_of(self.parts)):
                if not self._take_in(batch) or time.monotonic() > ends:
                    return
        except FileUnreadable:
            logger.exception("history.unreadable", extra={"fields": {"shop_id": self.shop_id}})
            self._again("UNREADABLE")
        else:
            self._finish()
        file.discard()

    def _file(self) -> BulkFile | None:
        """Return the file, fetched if this machine has it not; None when it has to be asked for."""
        gid = self.row.operation_gid or ""
        if not self.row.orders_told:
            self._finish()
            return None
        file = BulkFile(gid, position_of(self.row)["parts"])
        if file.is_here:
            return file
        progress = look_at(self.run, gid)
        if progress is None or progress.url is None:
            self._again("EXPIRED")
            return None
        try:
            file.fetch(progress.url, self.row.orders_told)
        except (FileGone, FileIncomplete) as problem:
            file.discard()
            self._again(type(problem).__name__)
            return None
        return file

    def _take_in(self, batch: HistoryBatch) -> bool:
        """Take a batch in; return whether the reading goes on."""
        with self.parts.database.tenant(self.tenant) as session:
            result = take_history_in(
                session,
                import_id=self.row.id,
                shop_id=self.shop_id,
                program_id=self.program_id,
                batch=batch,
                now=utc_now(),
                ledger_key=self.parts.settings.ledger_key,
            )
            if result is not None and result.facts_wanted:
                self.parts.jobs.enqueue("fetch_order_facts", session, shop_id=self.shop_id)
        return result is not None

    def _finish(self) -> None:
        """Note that all is read; from when Shopify began on, the comparison looks after changes."""
        with self.parts.database.tenant(self.tenant) as session:
            ended = import_ended(
                session, import_id=self.row.id, state="reading", ends_as="done", now=utc_now()
            )
            if not ended:
                return
            if self.row.operation_at is not None:
                note_reconciled(session, shop_id=self.shop_id, through=self.row.operation_at)
            self.parts.jobs.enqueue("push_member_metafields", session, program_id=self.program_id)
            self.parts.jobs.enqueue("reconcile_shop", session, shop_id=self.shop_id)
        logger.info("history.read", extra={"fields": {"shop_id": self.shop_id}})

    def _again(self, reason: str) -> None:
        """Ask for another file, or give up and leave the past to the slow comparison."""
        state, import_id = self.row.state, self.row.id
        fields = {"shop_id": self.shop_id, "reason": reason, "attempts": self.row.attempts}
        logger.warning("history.broke_off", extra={"fields": fields})
        with self.parts.database.tenant(self.tenant) as session:
            if reason != "ACCESS_DENIED" and self.row.attempts < ATTEMPTS_MAX:
                ask_again(session, import_id=import_id, state=state)
                return
            import_ended(
                session,
                import_id=import_id,
                state=state,
                ends_as="failed",
                reason=reason,
                now=utc_now(),
            )
            self.parts.jobs.enqueue("reconcile_shop", session, shop_id=self.shop_id)


def read_history(parts: Container, shop_id: int, *, budget_s: float) -> bool:
    """Go on with the shop's reading for some `budget_s` seconds; return whether to call again.

    False: it has ended, Shopify still puts the file together, or another process reads. Raises
    app.shopify.errors when Shopify does not answer; what was read until then is kept.
    """
    ends = time.monotonic() + budget_s
    with turn(parts.database, f"history:{shop_id}") as is_ours:
        if not is_ours:
            return False
        while (reading := _open(parts, shop_id)) is not None:
            before = reading.row
            _step(reading, max(ends - time.monotonic(), 0))
            now = _open(parts, shop_id)
            if now is None or (now.row.state == before.state and before.state != "reading"):
                return False
            if time.monotonic() > ends:
                return True
    return False


def stop_history(parts: Container, shop_id: int) -> None:
    """Cancel the shop's reading, at Shopify too; what was taken in stays.

    From then on only orders that change after it was asked for are compared.
    """
    reading = _open(parts, shop_id)
    if reading is None:
        return
    row = reading.row
    with parts.database.tenant(reading.tenant) as session:
        import_ended(session, import_id=row.id, state=row.state, ends_as="cancelled", now=utc_now())
        note_reconciled(session, shop_id=shop_id, through=row.requested_at)
    if row.position is not None:
        BulkFile(row.operation_gid or "", row.position["parts"]).discard()
    if row.state == "running" and row.operation_gid:
        cancel(reading.run, row.operation_gid)


def _step(reading: _Reading, budget_s: float) -> None:
    row = reading.row
    if row.state == "reading":
        reading.read(budget_s)
    elif row.looked_at is None or utc_now() - row.looked_at >= _pause(row):
        reading.begin() if row.state == "waiting" else reading.wait()


def _pause(row: ImportRow) -> timedelta:
    """Return how long Shopify is left alone: not at all when it was asked just now."""
    if row.state == "waiting":
        return row.attempts * ASK_AGAIN_AFTER
    return timedelta(0) if utc_now() - row.requested_at < LOOK_EVERY else LOOK_EVERY


def _open(parts: Container, shop_id: int) -> _Reading | None:
    tenant = shop_tenant(parts, shop_id)
    with parts.database.tenant(tenant) as session:
        row = open_import(session, shop_id)
    if row is None or tenant.program_id is None:
        return None
    return _Reading(
        parts=parts,
        tenant=tenant,
        shop_id=shop_id,
        program_id=tenant.program_id,
        run=runner(parts, shop_id),
        row=row,
    )
