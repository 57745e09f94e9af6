"""Statements that go to PostgreSQL and come back together."""

from contextlib import closing
from datetime import UTC, datetime

import pytest
from sqlalchemy import create_engine, event, text
from sqlalchemy.exc import DBAPIError, IntegrityError

from app.db.session import Database, Tenant
from app.db.wire import driver_of, one_trip, unanswered

AT = datetime(2026, 1, 2, 3, 4, 5, 678_901, tzinfo=UTC)


@pytest.fixture
def session(database):
    with database.tenant(Tenant()) as session:
        yield session


def test_all_that_was_asked_is_answered(session):
    with one_trip(session) as trip:
        numbers = trip.ask("select n from generate_series($1::bigint, $2::bigint) n", (1, 3))
        nothing = trip.ask("select 1 where false")

    assert numbers.rows == [(1,), (2,), (3,)]
    assert nothing.rows == []


def test_values_come_back_as_they_went(session):
    values = ("ชา\n'\"\\", 2**62, None, True, b"\x00\xff", AT)
    with one_trip(session) as trip:
        answer = trip.ask(
            "select $1::text, $2::bigint, $3::bigint, $4::boolean, $5::bytea, $6::timestamptz",
            values,
        )

    assert answer.rows == [values]


def test_much_can_be_asked_and_answered_at_once(session):
    text_of_megabytes = "x" * 5_000_000
    with one_trip(session) as trip:
        answers = [trip.ask("select $1::text", (text_of_megabytes,)) for _ in range(4)]

    assert all(answer.rows == [(text_of_megabytes,)] for answer in answers)


def test_a_trip_and_other_statements_are_one_transaction(session):
    session.execute(text("create temporary table kept (n bigint) on commit drop"))
    with one_trip(session) as trip:
        trip.ask("insert into kept values ($1::bigint)", (1,))

    assert session.scalar(text("select n from kept")) == 1


def test_an_error_costs_its_savepoint_and_nothing_after_it_is_done(session):
    session.execute(text("create temporary table kept (n bigint) on commit drop"))
    for _ in range(7):
        # Often enough for psycopg to prepare statements of its own, and to drop all with a rollback.
        session.execute(text("select count(*) from kept"))
    with pytest.raises(DBAPIError) as caught, session.begin_nested():
        insert_and_divide(session, by=0)
    assert getattr(caught.value.orig, "sqlstate", None) == "22012"
    with session.begin_nested():
        insert_and_divide(session, by=1)

    assert session.scalar(text("select count(*) from kept")) == 2


def insert_and_divide(session, by: int) -> None:
    with one_trip(session) as trip:
        trip.ask("insert into kept values ($1::bigint)", (1,))
        trip.ask("select 1 / $1::bigint", (by,))
        trip.ask("insert into kept values ($1::bigint)", (2,))


def test_statements_stay_prepared_for_the_next_transaction_of_a_connection(database_url):
    counts = []
    with closing(Database(database_url, pool_size=1)) as database:
        for _ in range(3):
            with database.tenant(Tenant()) as session, one_trip(session) as trip:
                trip.ask("select 'kept'")
                names = trip.ask(
                    "select count(*) from pg_prepared_statements where name like 'wire%'"
                )
            counts.append(names.rows[0][0])

    assert counts[1:] == [counts[1]] * 2


def test_what_fails_between_the_questions_leaves_the_session_usable(session):
    with pytest.raises(KeyError):
        ask_and_fail(session)

    assert session.scalar(text("select 2")) == 2


def ask_and_fail(session) -> None:
    with one_trip(session) as trip:
        trip.ask("select 1")
        raise KeyError


def test_a_lost_connection_is_told_and_replaced(database):
    with pytest.raises(DBAPIError) as caught:
        ask_after_the_connection_was_lost(database)
    assert caught.value.connection_invalidated

    with database.tenant(Tenant()) as session, one_trip(session) as trip:
        answer = trip.ask("select 1")
    assert answer.rows == [(1,)]


def ask_after_the_connection_was_lost(database) -> None:
    with database.tenant(Tenant()) as session:
        process_id = session.scalar(text("select pg_backend_pid()"))
        with database.owner.begin() as other:
            other.execute(text("select pg_terminate_backend(:id)"), {"id": process_id})
        with one_trip(session) as trip:
            trip.ask("select 1")
            trip.ask("select 2")


def test_a_trip_inside_another_is_answered_at_its_own_end(session):
    with one_trip(session) as outer:
        first = outer.ask("select 1")
        with one_trip(session) as inner:
            second = inner.ask("select 2")
        assert (first.rows, second.rows) == ([(1,)], [(2,)])
        third = outer.ask("select 3")

    assert third.rows == [(3,)]


def test_sqlalchemy_is_refused_on_a_trip_instead_of_waiting_for_ever(session):
    with pytest.raises(RuntimeError, match="on a trip"), one_trip(session):
        session.scalar(text("select 1"))

    assert session.scalar(text("select 2")) == 2


def test_the_tenant_is_named_before_whatever_comes_first(database):
    asked = "select current_setting('app.program_id', true)"
    tenant = Tenant(program_id=41, shop_id=42)
    with database.tenant(tenant) as session:
        assert session.scalar(text(asked)) == "41"
    with database.tenant(tenant) as session, one_trip(session) as trip:
        answer = trip.ask(asked)
    assert answer.rows == [("41",)]
    with database.tenant(tenant) as session:
        assert driver_of(session).execute(asked).fetchone() == ("41",)
    with database.tenant(tenant) as session, session.begin_nested():
        assert session.scalar(text(asked)) == "41"
    with database.tenant(tenant, one_moment=True) as session:
        assert session.scalar(text(asked)) == "41"
        assert session.scalar(text("show transaction_isolation")) == "repeatable read"


def test_a_tenant_who_asked_nothing_is_forgotten(database_url):
    with closing(Database(database_url, pool_size=1)) as database:
        with database.tenant(Tenant(program_id=41)) as session:
            connection_id = id(driver_of(session))
        with database.tenant(Tenant(program_id=41)):
            """Nothing is asked."""
        with database.tenant(Tenant()) as session:
            assert id(driver_of(session)) == connection_id
            assert session.scalar(text("select current_setting('app.program_id', true)")) == ""


def test_an_engine_that_others_listen_to_connects_for_the_first_time(database):
    heard = []
    engine = create_engine(database.owner.url)
    event.listen(engine, "before_cursor_execute", lambda *told: heard.append(told[2]))

    with engine.connect() as connection:
        assert connection.scalar(text("select 1")) == 1

    engine.dispose()
    assert "select 1" in heard


@pytest.fixture
def counted(database):
    """A table that outlives a transaction, and how many rows it has."""
    with database.owner.begin() as connection:
        connection.execute(text("create table counted (n bigint primary key)"))
        connection.execute(text(f'grant all on counted to "{database.role("app")}"'))

    def count() -> int:
        with database.owner.begin() as connection:
            return connection.execute(text("select count(*) from counted")).scalar_one()

    yield count
    with database.owner.begin() as connection:
        connection.execute(text("drop table counted"))


def put(session, *numbers: int) -> None:
    with unanswered(session) as trip:
        for number in numbers:
            trip.ask("insert into counted values ($1::bigint)", (number,))


def put_in_one_transaction(database, *numbers: int) -> None:
    with database.tenant(Tenant()) as session:
        for number in numbers:
            put(session, number)


def put_and_fail(session, *numbers: int) -> None:
    put(session, *numbers)
    raise KeyError


def test_what_nobody_waits_for_is_committed_along(database, counted):
    with database.tenant(Tenant()) as session:
        put(session, 1, 2)

    assert counted() == 2
    with database.tenant(Tenant()) as session:
        assert session.scalar(text("select count(*) from counted")) == 2


def test_what_comes_next_finds_it_done(database, counted):
    with database.tenant(Tenant()) as session:
        put(session, 1)
        assert session.scalar(text("select count(*) from counted")) == 1
        put(session, 2)
        with one_trip(session) as trip:
            answer = trip.ask("select count(*) from counted")
        assert answer.rows == [(2,)]
        put(session, 3)
        assert driver_of(session).execute("select count(*) from counted").fetchone() == (3,)

    assert counted() == 3


def test_an_error_nobody_waited_for_comes_with_the_commit_and_undoes_all(database, counted):
    with pytest.raises(IntegrityError):
        put_in_one_transaction(database, 1, 2, 2, 3)

    assert counted() == 0
    with database.tenant(Tenant()) as session:
        put(session, 4)
    assert counted() == 1


def test_an_error_nobody_waited_for_costs_its_savepoint_only(database, counted):
    with database.tenant(Tenant()) as session:
        put(session, 1)
        with pytest.raises(IntegrityError), session.begin_nested():
            put(session, 2, 2)
        put(session, 3)

    assert counted() == 2


def test_trips_are_committed_after_a_savepoint_in_which_nothing_was_asked(database, counted):
    with database.tenant(Tenant()) as session:
        with one_trip(session) as trip:
            trip.ask("insert into counted values (1)")
        with pytest.raises(KeyError), session.begin_nested():
            raise KeyError
        with one_trip(session) as trip:
            trip.ask("insert into counted values (2)")

    assert counted() == 2


def test_what_the_session_and_a_trip_wrote_is_committed_together(database, counted):
    with database.tenant(Tenant()) as session:
        with one_trip(session) as trip:
            trip.ask("insert into counted values (1)")
        session.execute(text("insert into counted values (2)"))
        put(session, 3)

    assert counted() == 3


def test_a_session_that_is_rolled_back_keeps_nothing_of_its_trips(database, counted):
    with database.tenant(Tenant()) as session:
        put(session, 1)
        with one_trip(session) as trip:
            trip.ask("insert into counted values (2)")
        session.rollback()

    assert counted() == 0


def test_a_rollback_undoes_what_nobody_waited_for(database, counted):
    with pytest.raises(KeyError), database.tenant(Tenant()) as session:
        put_and_fail(session, 1)
    with database.tenant(Tenant()) as session:
        with pytest.raises(KeyError), session.begin_nested():
            put_and_fail(session, 2, 2)
        put(session, 3)

    assert counted() == 1


def test_a_connection_that_is_lost_before_the_commit_is_told(database, counted):
    with pytest.raises(DBAPIError) as caught:
        put_after_the_connection_was_lost(database)

    assert caught.value.connection_invalidated
    assert counted() == 0


def put_after_the_connection_was_lost(database) -> None:
    with database.tenant(Tenant()) as session:
        process_id = session.scalar(text("select pg_backend_pid()"))
        with database.owner.begin() as other:
            other.execute(text("select pg_terminate_backend(:id)"), {"id": process_id})
        put(session, 1)
