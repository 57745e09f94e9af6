"""Refuses a PostgreSQL that would acknowledge what is not on disk."""

from sqlalchemy import text

from app.db.session import Database, Tenant


class UnsafeDatabase(Exception):
    """PostgreSQL has fsync or synchronous_commit off: acknowledged webhooks could be lost."""


def refuse_unsafe_commits(database: Database) -> None:
    """Raise UnsafeDatabase unless commits of the intake and of the app are durable.

    The settings can differ by role, so each role that writes is asked.
    """
    with database.connect("intake") as connection:
        row = connection.execute(
            "select current_setting('fsync'), current_setting('synchronous_commit')"
        ).fetchone()
    with database.tenant(Tenant()) as session:
        commit = session.scalar(text("select current_setting('synchronous_commit')"))
    if row is None or "off" in row or commit == "off":
        raise UnsafeDatabase((UnsafeDatabase.__doc__ or "").strip())
