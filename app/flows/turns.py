"""One process at a time for a piece of work; who comes second does not wait."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager

from app.db.session import Database


@contextmanager
def turn(database: Database, work: str) -> Iterator[bool]:
    """Yield whether nobody else is at this work.

    The lock is the session's, on a connection of its own that is in no transaction, so that it may
    be held over calls to Shopify; it ends with the connection, also when a process dies.
    """
    with database.connect("app") as connection:
        row = connection.execute("select pg_try_advisory_lock(%s)", (_key(work),)).fetchone()
        yield bool(row and row[0])


def _key(work: str) -> int:
    digest = hashlib.sha256(f"turn:{work}".encode()).digest()
    return int.from_bytes(digest[:8], "big", signed=True)
