"""Many requests, one commit: each is answered only after the commit that holds its row."""

import logging
import queue
import threading
from collections.abc import Callable, Sequence

import psycopg

logger = logging.getLogger(__name__)

ROWS_MAX = 200
WAIT_S = 4.5
"""Shopify gives up after five seconds."""

INSERT = (
    "insert into webhook_event"
    " (shop_id, webhook_id, event_id, topic, api_version, triggered_at, body, received_at)"
    " select *, now() from unnest(%b::bigint[], %b::text[], %b::text[], %b::text[], %b::text[],"
    " %b::text[], %b::bytea[]) on conflict do nothing"
)

InboxRow = tuple[int, str, str, str, str, str, bytes]
"""shop_id, webhook_id, event_id, topic, api_version, triggered_at, compressed body."""


class NotCommitted(Exception):
    """The row is not known to be on disk; the sender has to send it again."""


class _Entry:
    """A row on its way to a commit, and the request thread that waits for it."""

    __slots__ = ("abandoned", "committed", "done", "row")

    def __init__(self, row: InboxRow) -> None:
        self.row = row
        self.done = threading.Lock()
        self.done.acquire()
        self.committed = False
        self.abandoned = False


class GroupCommitter:
    """Commits rows of many request threads together, on connections of its own.

    Rows that come while a commit runs are committed together by the next. `on_commit` is told
    which shops have something new.
    """

    def __init__(
        self,
        connect: Callable[[], psycopg.Connection],
        on_commit: Callable[[set[int]], None],
        *,
        threads: int = 2,
        wait_s: float = WAIT_S,
    ) -> None:
        self._connect = connect
        self._on_commit = on_commit
        self._threads = threads
        self._wait_s = wait_s
        self._queue: queue.SimpleQueue[_Entry | None] = queue.SimpleQueue()
        self._start_lock = threading.Lock()
        self._started = False

    def put(self, row: InboxRow) -> None:
        """Return once `row`, or one with its key, is committed; else raise NotCommitted."""
        if not self._started:
            self._start()
        entry = _Entry(row)
        self._queue.put(entry)
        if not entry.done.acquire(timeout=self._wait_s):
            entry.abandoned = True
            raise NotCommitted
        if not entry.committed:
            raise NotCommitted

    def close(self) -> None:
        """Let the threads commit what they have and end."""
        with self._start_lock:
            for _ in range(self._threads if self._started else 0):
                self._queue.put(None)

    def _start(self) -> None:
        # Started by the first request: threads do not survive a server's fork.
        with self._start_lock:
            if self._started:
                return
            for number in range(self._threads):
                name = f"group-commit-{number}"
                threading.Thread(target=self._run, name=name, daemon=True).start()
            self._started = True

    def _run(self) -> None:
        connection: psycopg.Connection | None = None
        while batch := self._next_batch():
            try:
                if connection is None or connection.closed:
                    connection = self._connect()
                _commit(connection, batch)
            except Exception as error:
                logger.exception("inbox.commit_failed", extra={"fields": {"rows": len(batch)}})
                if connection is not None and not isinstance(error, psycopg.DataError):
                    connection.close()
                    connection = None
            finally:
                for entry in batch:
                    entry.done.release()
            self._on_commit({entry.row[0] for entry in batch if entry.committed})
        if connection is not None:
            connection.close()

    def _next_batch(self) -> list[_Entry]:
        """Return what waits, at least one entry; nothing once the committer is closed."""
        entry = self._queue.get()
        batch = []
        while entry is not None:
            batch.append(entry)
            if len(batch) == ROWS_MAX:
                return batch
            try:
                entry = self._queue.get_nowait()
            except queue.Empty:
                return batch
        if batch:
            # The end is for this thread, after what came before it.
            self._queue.put(None)
        return batch


def _commit(connection: psycopg.Connection, batch: Sequence[_Entry]) -> None:
    """Commit the rows of `batch` that are still waited for, and mark them committed."""
    # One order for all: batches that met in the unique index in different orders would deadlock.
    waiting = sorted((entry for entry in batch if not entry.abandoned), key=_key)
    if not waiting:
        return
    try:
        _insert(connection, waiting)
    except (psycopg.IntegrityError, psycopg.DataError):
        # One row that the database refuses must not cost the others their answer.
        _insert_singly(connection, waiting)


def _key(entry: _Entry) -> tuple[int, str]:
    return entry.row[0], entry.row[1]


def _insert(connection: psycopg.Connection, entries: Sequence[_Entry]) -> None:
    columns = [list(column) for column in zip(*(entry.row for entry in entries), strict=True)]
    connection.execute(INSERT, columns)
    for entry in entries:
        entry.committed = True


def _insert_singly(connection: psycopg.Connection, entries: Sequence[_Entry]) -> None:
    for entry in entries:
        try:
            _insert(connection, [entry])
        except (psycopg.IntegrityError, psycopg.DataError) as error:
            logger.warning(
                "inbox.row_refused",
                extra={"fields": {"shop_id": entry.row[0], "code": error.sqlstate}},
            )
