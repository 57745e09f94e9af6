"""Refuses a PostgreSQL that would acknowledge what is not on disk."""

import time

import psycopg
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from app.db.session import Database, Tenant


class UnsafeDatabase(Exception):
    """PostgreSQL has fsync or synchronous_commit off: acknowledged webhooks could be lost."""


def refuse_unsafe_commits(database: Database, *, wait_s: float = 30.0) -> None:
    """Raise UnsafeDatabase unless commits of the intake and of the app are durable.

    The settings can differ by role, so each role that writes is asked. A database that does not
    answer yet is waited for, as both may have been started together; after `wait_s` its error is
    raised.
    """
    ends = time.monotonic() + wait_s
    while True:
        try:
            _check(database)
        except (psycopg.OperationalError, OperationalError):
            if time.monotonic() > ends:
                raise
            time.sleep(0.5)
        else:
            return


def _check(database: Database) -> None:
    with database.connect("intake") as connection:
        row = connection.execute(
            "select current_setting('fsync'), current_setting('synchronous_commit')"
        ).fetchone()
    with database.tenant(Tenant()) as session:
        commit = session.scalar(text("select current_setting('synchronous_commit')"))
    if row is None or "off" in row or commit == "off":
        raise UnsafeDatabase((UnsafeDatabase.__doc__ or "").strip())
