"""Ids taken before their rows are written, so that rows can name each other in one statement."""

from collections.abc import Callable

from sqlalchemy import text
from sqlalchemy.orm import DeclarativeBase, Session


def allocate_ids(session: Session, model: type[DeclarativeBase], count: int) -> list[int]:
    """Return `count` fresh ids of a table, ascending; ids that stay unused leave gaps."""
    if not count:
        return []
    # The inner select is evaluated once, not for each id.
    ids = text(
        "select nextval((select cast(pg_get_serial_sequence(:name, 'id') as regclass)))"
        " from generate_series(1, :count)"
    )
    found = session.scalars(ids, {"name": model.__tablename__, "count": count})
    return sorted(found)


def id_source(session: Session, model: type[DeclarativeBase]) -> Callable[[], int]:
    """Return a function that gives one fresh id a call."""
    return lambda: allocate_ids(session, model, 1)[0]
