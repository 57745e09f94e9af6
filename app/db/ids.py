"""Ids taken before their rows are written, so that rows can name each other in one statement."""

from collections.abc import Callable

from sqlalchemy.orm import DeclarativeBase, Session

from app.db.wire import Answer, Trip, one_trip


def allocate_ids(session: Session, model: type[DeclarativeBase], count: int) -> list[int]:
    """Return `count` fresh ids of a table, ascending; ids that stay unused leave gaps."""
    if not count:
        return []
    # A trip, for ids are also taken between writes that nobody waits for.
    with one_trip(session) as trip:
        answer = ask_ids(trip, model, count)
    return ids_of(answer)


def ask_ids(trip: Trip, model: type[DeclarativeBase], count: int) -> Answer:
    """Ask for what `allocate_ids` returns; see `ids_of`."""
    if count == 1:
        return trip.ask(f"select nextval('{model.__tablename__}_id_seq')")
    return trip.ask(
        f"select nextval('{model.__tablename__}_id_seq')"  # noqa: S608 - a name of our own
        " from generate_series(1, $1::int)",
        (count,),
    )


def ask_one_of_each(trip: Trip, *models: type[DeclarativeBase]) -> Answer:
    """Ask for a fresh id of each table: one row, in the order of the tables."""
    ids = ", ".join(f"nextval('{model.__tablename__}_id_seq')" for model in models)
    return trip.ask(f"select {ids}")


def ids_of(answer: Answer) -> list[int]:
    """Return the ids that were asked for, ascending."""
    return sorted(new_id for (new_id,) in answer.rows)


def id_source(session: Session, model: type[DeclarativeBase]) -> Callable[[], int]:
    """Return a function that gives one fresh id a call."""
    return lambda: allocate_ids(session, model, 1)[0]
