"""Statements on the wire to PostgreSQL, several in one round trip, past cursors and compilers.

For the hot paths: SQLAlchemy and psycopg's cursors take most of a short statement's time, and a
round trip takes more than the statement. What is sent and read here is plain and fixed.
"""

import select
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime
from typing import Any

import psycopg
from psycopg import pq
from psycopg.adapt import Transformer
from psycopg.errors import error_from_result
from psycopg.pq.abc import PGresult
from sqlalchemy import Connection, event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

Values = Sequence[Any]
_FAILED = frozenset({pq.ExecStatus.FATAL_ERROR, pq.ExecStatus.PIPELINE_ABORTED})
_PREPARED = "wire: prepared statements"
_UNDER_WAY = "wire: trip under way"
_FIRST = "wire: what is said first"
_UNANSWERED = "wire: trip that nobody waits for"


class Prepared:
    """What a connection knows by name."""

    def __init__(self) -> None:
        self._names: dict[str, bytes] = {}
        self._ready: set[bytes] = set()

    def name(self, sql: str) -> tuple[bytes, bool]:
        """Return the name of a statement, and whether it can be used already."""
        name = self._names.get(sql)
        if name is None:
            name = self._names[sql] = b"wire_%d" % len(self._names)
        known = name in self._ready
        self._ready.add(name)
        return name, known

    def forget(self) -> None:
        """Take no statement for prepared any more."""
        self._ready.clear()


class Answer:
    """What a statement returned, once its trip is over."""

    __slots__ = ("rows",)

    rows: list[tuple[Any, ...]]


class Trip:
    """One round trip: statements go out together, and all results are read at the end.

    What is asked goes out when libpq has gathered enough of it, with `send`, or at the end.
    """

    def __init__(self, driver: psycopg.Connection[Any], prepared: Prepared) -> None:
        self._driver = driver
        self._pgconn = driver.pgconn
        self._prepared = prepared
        self._expected: list[Answer | None] = []
        self._poll = select.poll()
        self._poll.register(self._pgconn.socket)
        self._pgconn.enter_pipeline_mode()
        if self._pgconn.transaction_status == pq.TransactionStatus.IDLE:
            self._pgconn.send_query_params(b"begin", None)
            self._expected.append(None)

    def ask(self, sql: str, values: Values = ()) -> Answer:
        """Have a statement done with parameters $1, $2, …; its rows are known after the trip.

        Its text is prepared once on each connection, so it must be one of a few.
        """
        name, known = self._prepared.name(sql)
        if not known:
            self._prepare(name, sql)
        self._pgconn.send_query_prepared(
            name, [_written(value) for value in values], result_format=pq.Format.BINARY
        )
        answer = Answer()
        self._expected.append(answer)
        return answer

    def send(self) -> None:
        """Let PostgreSQL begin with what was asked up to here; nothing is waited for.

        What does not fit into the socket's buffer goes out later, by itself.
        """
        self._pgconn.flush()

    def wait(self) -> None:
        """Wait for what was asked up to here; raise psycopg's error if a statement failed."""
        try:
            failed = self._read_all()
        except BaseException:
            # What the connection still has to say would be taken for answers to others.
            self._driver.close()
            raise
        if failed is not None:
            raise error_from_result(failed, self._driver.info.encoding)

    def commit(self) -> None:
        """Commit, unless something failed; wait for everything and leave the connection to others."""
        self._pgconn.send_query_params(b"commit", None)
        self._expected.append(None)
        self.end()

    def end(self) -> None:
        """Wait for everything and leave the connection to others."""
        try:
            self.wait()
        finally:
            if not self._driver.closed:
                self._pgconn.exit_pipeline_mode()

    def _read_all(self) -> PGresult | None:
        """Read every answer; return the first that is an error."""
        self._pgconn.pipeline_sync()
        self._wait_until_sent()
        expected, self._expected = self._expected, []
        failed: PGresult | None = None
        for answer in expected:
            result = self._result()
            if result.status in _FAILED:
                failed = failed or result
            elif answer is not None:
                answer.rows = self._rows(result)
        while self._result().status != pq.ExecStatus.PIPELINE_SYNC:
            """Only the mark of the end is left to be read."""
        return failed

    def _prepare(self, name: bytes, sql: str) -> None:
        # It may be there still; to close one that is not is no error.
        self._pgconn.send_close_prepared(name)
        self._pgconn.send_prepare(name, sql.encode())
        self._expected += (None, None)

    def _wait_until_sent(self) -> None:
        while self._pgconn.flush():
            self._wait(select.POLLIN | select.POLLOUT)

    def _result(self) -> PGresult:
        """Return the next result; between two there is a mark that is none."""
        while True:
            while self._pgconn.is_busy():
                self._wait(select.POLLIN)
            result = self._pgconn.get_result()
            if result is not None:
                return result
            if self._pgconn.status == pq.ConnStatus.BAD:
                raise psycopg.OperationalError("The connection to PostgreSQL is lost.")

    def _wait(self, events: int) -> None:
        self._poll.modify(self._pgconn.socket, events)
        self._poll.poll()
        self._pgconn.consume_input()

    def _rows(self, result: PGresult) -> list[tuple[Any, ...]]:
        if not result.ntuples:
            return []
        transformer = Transformer(self._driver)
        transformer.set_pgresult(result)
        return transformer.load_rows(0, result.ntuples, tuple)


@contextmanager
def one_trip(session: Session) -> Iterator[Trip]:
    """Yield a trip; when the block is left, everything that was asked in it is answered.

    Inside another trip it is that one's, up to here. Errors are SQLAlchemy's own, and come at the
    end; the transaction (or the savepoint around) is to be rolled back then, as ever. SQLAlchemy
    itself cannot use the session inside; what it has pending is written before.
    """
    outer = trip_under_way(session)
    if outer is not None:
        yield outer
        with _as_sqlalchemy():
            outer.wait()
        return
    session.flush()
    connection = session.connection()
    trip = session.info[_UNDER_WAY] = connection.info[_UNDER_WAY] = _begin(connection)
    try:
        yield trip
    except BaseException:
        with suppress(psycopg.Error):
            trip.end()
        raise
    else:
        with _as_sqlalchemy():
            trip.end()
    finally:
        session.info[_UNDER_WAY] = connection.info[_UNDER_WAY] = None


@contextmanager
def unanswered(session: Session) -> Iterator[Trip]:
    """Yield a trip that nobody waits for: what is asked is done with what the session does next.

    When that is the commit, both are one round trip. So errors come then, as SQLAlchemy's own.
    """
    if trip_under_way(session) is not None:
        raise RuntimeError("The session is on a trip already.")
    session.flush()
    connection = session.connection()
    trip = session.info[_UNDER_WAY] = connection.info[_UNDER_WAY] = _begin(connection)
    try:
        yield trip
    except BaseException:
        with suppress(psycopg.Error):
            trip.end()
        raise
    else:
        connection.info[_UNANSWERED] = trip
    finally:
        session.info[_UNDER_WAY] = connection.info[_UNDER_WAY] = None


def send_at_once(session: Session, commands: str) -> None:
    """Run commands without parameters or rows, several in one text; raise as `one_trip` does."""
    driver = _driver(session.connection())
    with _as_sqlalchemy():
        result = driver.pgconn.exec_(commands.encode())
        if result.status in _FAILED:
            raise error_from_result(result, driver.info.encoding)
        if driver.pgconn.status == pq.ConnStatus.BAD:
            raise psycopg.OperationalError("The connection to PostgreSQL is lost.")


def trip_under_way(session: Session) -> Trip | None:
    """Return the trip that the session is on."""
    return session.info.get(_UNDER_WAY)


def say_first(session: Session, sql: str, values: Values) -> None:
    """Let a statement go out just before the session's next one, and cost no trip of its own."""
    session.connection().info[_FIRST] = (sql, values)


def driver_of(session: Session) -> psycopg.Connection[Any]:
    """Return psycopg's connection of the session, for what neither trips nor SQLAlchemy can do."""
    connection = session.connection()
    _say_what_is_first(connection)
    return _driver(connection)


def _begin(connection: Connection) -> Trip:
    left: Trip | None = connection.info.pop(_UNANSWERED, None)
    if left is not None:
        return left
    trip = Trip(_driver(connection), _prepared(connection))
    first = connection.info.pop(_FIRST, None)
    if first is not None:
        trip.ask(*first)
    return trip


def _say_what_is_first(connection: Connection) -> None:
    """Have said and answered what comes before anything that is no trip."""
    if connection.info.get(_UNANSWERED) is not None or connection.info.get(_FIRST) is not None:
        with _as_sqlalchemy():
            _begin(connection).end()


def _driver(connection: Connection) -> psycopg.Connection[Any]:
    driver = connection.connection.driver_connection
    if not isinstance(driver, psycopg.Connection):
        raise TypeError("Statements on the wire need psycopg 3.")
    return driver


@contextmanager
def _as_sqlalchemy() -> Iterator[None]:
    """Raise what psycopg raises as the error that SQLAlchemy makes of it."""
    try:
        yield
    except psycopg.Error as error:
        lost = isinstance(error, psycopg.OperationalError) and error.sqlstate is None
        raise DBAPIError.instance(
            "one trip", (), error, psycopg.Error, connection_invalidated=lost
        ) from error


@event.listens_for(Connection, "before_cursor_execute")
def _before_a_statement(connection: Connection, *_: object) -> None:
    """Refuse what would wait for its answer for ever; say what is to be said before it."""
    try:
        under_way = connection.info.get(_UNDER_WAY)
    except NotImplementedError:
        # SQLAlchemy is getting to know the server, by a connection that has nothing else yet.
        return
    if under_way:
        raise RuntimeError("The connection is on a trip; ask there.")
    _say_what_is_first(connection)


def _prepared(connection: Connection) -> Prepared:
    prepared: Prepared = connection.info.setdefault(_PREPARED, Prepared())
    return prepared


@event.listens_for(Connection, "rollback")
@event.listens_for(Connection, "rollback_savepoint")
def _forget_prepared(connection: Connection, *_: object) -> None:
    """Prepare everything anew: psycopg deallocates all statements when something is rolled back."""
    if not connection.invalidated and not connection.closed:
        left: Trip | None = connection.info.pop(_UNANSWERED, None)
        if left is not None:
            with suppress(psycopg.Error):
                left.end()
        _prepared(connection).forget()
        connection.info.pop(_FIRST, None)


@event.listens_for(Session, "before_commit")
def _answer_within_the_savepoint(session: Session) -> None:
    """Let an error that nobody waited for cost its savepoint: later it would cost the transaction.

    SQLAlchemy does not roll back to a savepoint whose release failed.
    """
    if session.in_nested_transaction():
        _say_what_is_first(session.connection())


@event.listens_for(Connection, "commit")
def _commit_along(connection: Connection) -> None:
    """Commit along with the trip that nobody waited for; the driver finds nothing left to do."""
    # Nothing is said in the next transaction that was meant for one in which nothing was asked.
    connection.info.pop(_FIRST, None)
    left: Trip | None = connection.info.pop(_UNANSWERED, None)
    if left is not None:
        with _as_sqlalchemy():
            left.commit()


def _written(value: object) -> bytes | None:
    """Return a value as PostgreSQL reads it; lists and JSON come written already."""
    write = _WRITERS.get(type(value))
    return str(value).encode() if write is None else write(value)


_WRITERS: Mapping[type, Callable[[Any], bytes | None]] = {
    type(None): lambda _: None,
    str: str.encode,
    int: b"%d".__mod__,
    bytes: lambda value: b"\\x" + value.hex().encode(),
    datetime: lambda value: value.isoformat().encode(),
}
