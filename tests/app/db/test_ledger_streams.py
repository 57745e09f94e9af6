"""Rows of a proof come in lists, all of them, and leave the connection as it was."""

from contextlib import closing

import pytest
from psycopg.errors import DivisionByZero
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from app.db.ledger_streams import ROWS_AT_A_TIME, stream
from app.db.session import Tenant
from app.db.wire import driver_of, one_trip

NUMBERS = "select n, n::text from generate_series($1::bigint, $2::bigint) n"


@pytest.fixture
def session(database):
    with database.tenant(Tenant()) as session:
        yield session


def test_all_rows_come_in_lists(session):
    lists = list(stream(session, NUMBERS, (1, 2 * ROWS_AT_A_TIME + 1)))

    assert [len(rows) for rows in lists] == [ROWS_AT_A_TIME, ROWS_AT_A_TIME, 1]
    assert [number for rows in lists for number, _ in rows] == list(
        range(1, 2 * ROWS_AT_A_TIME + 2)
    )


def test_what_has_no_rows_gives_no_lists(session):
    assert list(stream(session, NUMBERS, (1, 0))) == []


def test_json_is_bytes_and_moments_are_microseconds_since_2000(session):
    query = "select '{\"n\": 1}'::json, timestamptz '2000-01-01 00:00:01+00', null::json"

    assert list(stream(session, query, ())) == [[(b'{"n": 1}', 1_000_000, None)]]


def test_what_is_asked_next_is_answered_whole(session):
    for _ in range(2):
        list(stream(session, NUMBERS, (1, 5)))
        with one_trip(session) as trip:
            answers = [trip.ask("select n from generate_series(1, 5000) n") for _ in range(2)]

        assert [len(answer.rows) for answer in answers] == [5_000, 5_000]


def test_an_error_after_some_rows_is_raised_and_costs_its_savepoint(session):
    query = "select 1 / (n - 5000) from generate_series(1, $1::bigint) n"

    with pytest.raises(DivisionByZero), session.begin_nested():
        list(stream(session, query, (5_000,)))

    assert session.scalar(text("select 1")) == 1


def test_a_stream_that_is_left_leaves_no_rows_to_others(database):
    with pytest.raises(OperationalError), database.tenant(Tenant()) as session:
        look_at_the_first_rows(session)


def look_at_the_first_rows(session) -> None:
    with closing(stream(session, NUMBERS, (1, 100_000))) as lists:
        assert len(next(lists)) == ROWS_AT_A_TIME
    assert driver_of(session).closed
