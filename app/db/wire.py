"""Statements on the wire to PostgreSQL, several in one round trip, past cursors and compilers.

For the hot paths: SQLAlchemy and psycopg's cursors take most of a short statement's time, and a
round trip takes more than the statement. What is sent and read here is plain and fixed.
"""

import select
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, suppress
from datetime import datetime
from functools import lru_cache
from typing import Any

import psycopg
from psycopg import abc, pq
from psycopg.adapt import Transformer
from psycopg.errors import error_from_result
from psycopg.pq.abc import PGresult
from sqlalchemy import Connection, Engine, PoolProxiedConnection, event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

Values = Sequence[Any]
# Kept by name, as to look up a member of an enumeration takes as long as a call.
_FAILED = frozenset({pq.ExecStatus.FATAL_ERROR, pq.ExecStatus.PIPELINE_ABORTED})
_ALL_SAID = pq.ExecStatus.PIPELINE_SYNC
_IDLE = pq.TransactionStatus.IDLE
_BINARY = pq.Format.BINARY
_WIRE = "wire"
_BEGIN, _COMMIT = "begin", "commit"


class Statement:
    """A text that a connection knows, or will, by a name."""

    __slots__ = ("_transformer", "is_prepared", "name", "sql")

    def __init__(self, sql: str, name: bytes) -> None:
        self.sql = sql.encode()
        self.name = name
        self.is_prepared = False
        self._transformer: abc.Transformer | None = None

    def rows(self, result: PGresult, driver: psycopg.Connection[Any]) -> list[tuple[Any, ...]]:
        """Return a result's rows. How to read the columns is found out once, as they stay the same."""
        if not result.ntuples:
            return []
        transformer = self._transformer
        if transformer is None:
            transformer = self._transformer = Transformer(driver)
            transformer.set_pgresult(result)
        else:
            transformer.set_pgresult(result, set_loaders=False)
        rows = transformer.load_rows(0, result.ntuples, tuple)
        transformer.set_pgresult(None, set_loaders=False)
        return rows


class Answer:
    """What a statement returned, once its trip is over."""

    __slots__ = ("rows", "statement")

    rows: list[tuple[Any, ...]]

    def __init__(self, statement: Statement) -> None:
        self.statement = statement


class Wire:
    """A pooled connection as trips use it: what it knows by name, and what is under way on it."""

    def __init__(self, driver: psycopg.Connection[Any]) -> None:
        self.driver = driver
        self.under_way: Trip | None = None
        self.unanswered: Trip | None = None
        """A trip that nobody waits for."""
        self.first: tuple[str, Values] | None = None
        """What is said before the next statement, and costs no trip of its own."""
        self._statements: dict[str, Statement] = {}
        self.readable, self.usable = select.poll(), select.poll()
        self.readable.register(driver.pgconn.socket, select.POLLIN)
        self.usable.register(driver.pgconn.socket, select.POLLIN | select.POLLOUT)

    def statement(self, sql: str) -> Statement:
        """Return what is known of a statement."""
        found = self._statements.get(sql)
        if found is None:
            name = b"wire_%d" % len(self._statements)
            found = self._statements[sql] = Statement(sql, name)
        return found

    def forget(self) -> None:
        """Take no statement for prepared any more."""
        for statement in self._statements.values():
            statement.is_prepared = False

    def begin(self) -> "Trip":
        """Return a trip, or the one that nobody waited for, to be continued."""
        left, self.unanswered = self.unanswered, None
        if left is not None:
            return left
        trip = Trip(self)
        first, self.first = self.first, None
        if first is not None:
            trip.ask(*first)
        return trip

    def commit(self) -> None:
        """Commit, along with the trip that nobody waited for."""
        # Nothing is said in the next transaction that was meant for one in which nothing was asked.
        left, self.unanswered, self.first = self.unanswered, None, None
        _as_sqlalchemy(self.driver.commit if left is None else left.commit)

    def roll_back(self) -> None:
        """Undo what the transaction did, unless it is over."""
        self.leave()
        if not self.driver.closed and not self.is_idle:
            with suppress(psycopg.Error):
                self.driver.rollback()

    def leave(self) -> None:
        """End what is under way, as a rollback follows, with which psycopg deallocates statements."""
        left, self.unanswered, self.first = self.unanswered, None, None
        if left is not None:
            with suppress(psycopg.Error):
                left.end()
        if not self.is_idle:
            self.forget()

    @property
    def is_idle(self) -> bool:
        """Whether no transaction is open."""
        return self.driver.pgconn.transaction_status == _IDLE


class Trip:
    """One round trip: statements go out together, and all results are read at the end.

    What is asked goes out when libpq has gathered enough of it, with `send`, or at the end.
    """

    def __init__(self, wire: Wire) -> None:
        self._wire = wire
        self._pgconn = wire.driver.pgconn
        self._expected: list[Answer | None] = []
        self._pgconn.enter_pipeline_mode()
        if wire.is_idle:
            self.ask(_BEGIN)

    def ask(self, sql: str, values: Values = ()) -> Answer:
        """Have a statement done with parameters $1, $2, …; its rows are known after the trip.

        Its text is prepared once on each connection, so it must be one of a few.
        """
        statement = self._wire.statement(sql)
        if not statement.is_prepared:
            self._prepare(statement)
        written = [
            None if value is None else _WRITERS.get(type(value), _as_text)(value)
            for value in values
        ]
        self._pgconn.send_query_prepared(statement.name, written, result_format=_BINARY)
        answer = Answer(statement)
        self._expected.append(answer)
        return answer

    def send(self) -> None:
        """Let PostgreSQL begin with what was asked up to here; nothing is waited for.

        What does not fit into the socket's buffer goes out later, by itself.
        """
        self._pgconn.flush()

    def wait(self) -> None:
        """Wait for what was asked up to here; raise psycopg's error if a statement failed."""
        if not self._expected:
            return
        driver = self._wire.driver
        try:
            failed = self._read_all()
        except BaseException:
            # What the connection still has to say would be taken for answers to others.
            driver.close()
            raise
        if failed is not None:
            raise error_from_result(failed, driver.info.encoding)

    def commit(self) -> None:
        """Commit, unless something failed; wait for everything and leave the connection to others."""
        self.ask(_COMMIT)
        self.end()

    def end(self) -> None:
        """Wait for everything and leave the connection to others."""
        try:
            self.wait()
        finally:
            if not self._wire.driver.closed:
                self._pgconn.exit_pipeline_mode()

    def _read_all(self) -> PGresult | None:
        """Read every answer; return the first that is an error."""
        self._pgconn.pipeline_sync()
        while self._pgconn.flush():
            self._wait(self._wire.usable)
        expected, self._expected = self._expected, []
        failed: PGresult | None = None
        for answer in expected:
            result = self._result()
            # Behind it lies a mark that is none; nothing is waited for.
            self._pgconn.get_result()
            if result.status in _FAILED:
                failed = failed or result
            elif answer is not None:
                answer.rows = answer.statement.rows(result, self._wire.driver)
        while self._result().status != _ALL_SAID:
            """Only the mark of the end is left to be read."""
        return failed

    def _prepare(self, statement: Statement) -> None:
        # It may be there still; to close one that is not is no error.
        self._pgconn.send_close_prepared(statement.name)
        self._pgconn.send_prepare(statement.name, statement.sql)
        statement.is_prepared = True
        self._expected += (None, None)

    def _result(self) -> PGresult:
        """Return the next result."""
        while self._pgconn.is_busy():
            self._wait(self._wire.readable)
        result = self._pgconn.get_result()
        if result is None:
            raise psycopg.OperationalError("The connection to PostgreSQL is lost.")
        return result

    def _wait(self, poll: "select.poll") -> None:
        poll.poll()
        self._pgconn.consume_input()


class WiredSession(Session):
    """A session of one transaction on one connection, of which SQLAlchemy learns when it needs it.

    Where trips are all that is asked, its own way to begin, end and pool a transaction would take
    as long as the rest of a posting.
    """

    def __init__(self, engine: Engine) -> None:
        super().__init__()
        self._engine = engine
        self._connection: Connection | None = None
        self._pooled = engine.raw_connection()
        self.wire = _wire_on(self._pooled)

    def get_bind(self, *_: object, **__: object) -> Connection:
        """Return the connection as SQLAlchemy uses it."""
        if self._connection is None:
            self._connection = Connection(self._engine, self._pooled)
        return self._connection

    def commit(self) -> None:
        """Write what is pending and commit."""
        self.flush()
        if self.in_transaction():
            super().commit()
        # What SQLAlchemy has no part in: a transaction of trips alone.
        self.wire.commit()

    def rollback(self) -> None:
        """Undo everything."""
        super().rollback()
        self.wire.roll_back()

    def close(self) -> None:
        """Undo what was not committed; from now on the connection is others'."""
        try:
            # Before it has a connection or a transaction, SQLAlchemy has nothing to let go of.
            if self._connection is not None or self.in_transaction():
                super().close()
        finally:
            wire = self.wire
            del self.wire
            try:
                wire.roll_back()
            finally:
                self._give_back(wire)

    def _give_back(self, wire: Wire) -> None:
        """Leave the connection to others, unless it is lost or still in the middle of something."""
        if not wire.is_idle:
            if self._pooled.is_valid:
                self._pooled.invalidate()
            # After a restart of the server all are lost, and each would cost a transaction.
            self._engine.dispose()
        self._pooled.close()


class _OnATrip:
    """A block in which a session is on a trip, and nothing else gets in the way of it."""

    __slots__ = ("_session", "_trip", "_wire")

    def __init__(self, session: Session) -> None:
        self._session = session

    def __enter__(self) -> Trip:
        self._session.flush()
        self._wire = _wire_of(self._session)
        self._trip = self._wire.under_way = self._wire.begin()
        return self._trip

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        self._wire.under_way = None
        if kind is not None:
            with suppress(psycopg.Error):
                self._trip.end()
        else:
            self._leave()

    def _leave(self) -> None:
        """Do what is to be done when the block is left without an error."""
        _as_sqlalchemy(self._trip.end)


class _Unanswered(_OnATrip):
    """The same, with a trip that nobody waits for."""

    __slots__ = ()

    def _leave(self) -> None:
        self._wire.unanswered = self._trip


class _WithinATrip:
    """A part of a trip that is under way, answered by its own end."""

    __slots__ = ("_outer",)

    def __init__(self, outer: Trip) -> None:
        self._outer = outer

    def __enter__(self) -> Trip:
        return self._outer

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is None:
            _as_sqlalchemy(self._outer.wait)


# The blocks are classes: a generator takes contextlib several times as long to enter and leave.
def one_trip(session: Session) -> AbstractContextManager[Trip]:
    """Return a block with a trip; when it is left, everything that was asked in it is answered.

    Inside another trip it is that one's, up to here. Errors are SQLAlchemy's own, and come at the
    end; the transaction (or the savepoint around) is to be rolled back then, as ever. SQLAlchemy
    itself cannot use the session inside; what it has pending is written before.
    """
    outer = trip_under_way(session)
    return _OnATrip(session) if outer is None else _WithinATrip(outer)


def unanswered(session: Session) -> AbstractContextManager[Trip]:
    """Return a block with a trip that nobody waits for: it is done with what the session does next.

    When that is the commit, both are one round trip. So errors come then, as SQLAlchemy's own.
    """
    if trip_under_way(session) is not None:
        raise RuntimeError("The session is on a trip already.")
    return _Unanswered(session)


def send_at_once(session: Session, commands: str) -> None:
    """Run commands without parameters or rows, several in one text; raise as `one_trip` does."""
    driver = _wire_of(session).driver

    def run() -> None:
        result = driver.pgconn.exec_(commands.encode())
        if result.status in _FAILED:
            raise error_from_result(result, driver.info.encoding)
        if driver.pgconn.status == pq.ConnStatus.BAD:
            raise psycopg.OperationalError("The connection to PostgreSQL is lost.")

    _as_sqlalchemy(run)


def trip_under_way(session: Session) -> Trip | None:
    """Return the trip that the session is on."""
    return _wire_of(session).under_way


def say_first(session: Session, sql: str, values: Values) -> None:
    """Let a statement go out just before the session's next one, and cost no trip of its own."""
    _wire_of(session).first = (sql, values)


def driver_of(session: Session) -> psycopg.Connection[Any]:
    """Return psycopg's connection of the session, for what neither trips nor SQLAlchemy can do."""
    wire = _wire_of(session)
    _say_what_is_first(wire)
    return wire.driver


def _wire_of(session: Session) -> Wire:
    # The session makes a savepoint when it is asked for the connection, and not before.
    if isinstance(session, WiredSession) and not session.in_nested_transaction():
        return session.wire
    return _wire_on(session.connection().connection)


def _wire_on(pooled: PoolProxiedConnection) -> Wire:
    """Return the wire of a connection, which is kept with it as long as it lives."""
    wire: Wire | None = pooled.info.get(_WIRE)
    if wire is None:
        driver = pooled.driver_connection
        if not isinstance(driver, psycopg.Connection):
            raise TypeError("Statements on the wire need psycopg 3.")
        wire = pooled.info[_WIRE] = Wire(driver)
    return wire


def _say_what_is_first(wire: Wire) -> None:
    """Have said and answered what comes before anything that is no trip."""
    if wire.unanswered is not None or wire.first is not None:
        _as_sqlalchemy(wire.begin().end)


def _as_sqlalchemy(do: Callable[[], None]) -> None:
    """Do something; raise what psycopg raises as the error that SQLAlchemy makes of it."""
    try:
        do()
    except psycopg.Error as error:
        lost = isinstance(error, psycopg.OperationalError) and error.sqlstate is None
        raise DBAPIError.instance(
            "one trip", (), error, psycopg.Error, connection_invalidated=lost
        ) from error


@event.listens_for(Connection, "before_cursor_execute")
def _before_a_statement(connection: Connection, *_: object) -> None:
    """Refuse what would wait for its answer for ever; say what is to be said before it."""
    wire = _wire_known(connection)
    if wire is None:
        return
    if wire.under_way:
        raise RuntimeError("The connection is on a trip; ask there.")
    _say_what_is_first(wire)


def _wire_known(connection: Connection) -> Wire | None:
    """Return the wire of a connection that trips have used."""
    try:
        return connection.info.get(_WIRE)
    except NotImplementedError:
        # SQLAlchemy is getting to know the server, by a connection that has nothing else yet.
        return None


@event.listens_for(Connection, "rollback")
@event.listens_for(Connection, "rollback_savepoint")
def _forget_prepared(connection: Connection, *_: object) -> None:
    """Prepare everything anew: psycopg deallocates all statements when something is rolled back."""
    if not connection.invalidated and not connection.closed:
        wire = _wire_known(connection)
        if wire is not None:
            wire.leave()


@event.listens_for(Session, "before_commit")
def _answer_within_the_savepoint(session: Session) -> None:
    """Let an error that nobody waited for cost its savepoint: later it would cost the transaction.

    SQLAlchemy does not roll back to a savepoint whose release failed.
    """
    if session.in_nested_transaction():
        _say_what_is_first(_wire_of(session))


@event.listens_for(Connection, "commit")
def _commit_along(connection: Connection) -> None:
    """Commit along with the trip that nobody waited for; the driver finds nothing left to do."""
    wire = _wire_known(connection)
    if wire is not None:
        wire.commit()


def _as_text(value: object) -> bytes:
    return str(value).encode()


@lru_cache(maxsize=1024)
def _moment(value: datetime) -> bytes:
    """Return a moment as written; a posting names the same ones several times."""
    return value.isoformat().encode()


# Values are written as PostgreSQL reads them; lists and JSON come written already.
_WRITERS: Mapping[type, Callable[[Any], bytes]] = {
    str: str.encode,
    int: b"%d".__mod__,
    bytes: lambda value: b"\\x" + value.hex().encode(),
    datetime: _moment,
}
