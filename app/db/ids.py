"""Ids taken before their rows are written, so that rows can name each other in one statement."""

from collections.abc import Callable

import psycopg
from sqlalchemy.orm import DeclarativeBase, Session

# The inner select is evaluated once, not for each id.
NEXT_IDS = """
    select nextval((select cast(pg_get_serial_sequence(%s, 'id') as regclass)))
    from generate_series(1, %s)
"""


def allocate_ids(session: Session, model: type[DeclarativeBase], count: int) -> list[int]:
    """Return `count` fresh ids of a table, ascending; ids that stay unused leave gaps."""
    if not count:
        return []
    # The driver itself, for ids are also taken between writes that nobody waits for.
    driver = session.connection().connection.driver_connection
    if not isinstance(driver, psycopg.Connection):
        raise TypeError("Ids in bulk need psycopg 3.")
    found = driver.execute(NEXT_IDS, (model.__tablename__, count)).fetchall()
    return sorted(new_id for (new_id,) in found)


def id_source(session: Session, model: type[DeclarativeBase]) -> Callable[[], int]:
    """Return a function that gives one fresh id a call."""
    return lambda: allocate_ids(session, model, 1)[0]
