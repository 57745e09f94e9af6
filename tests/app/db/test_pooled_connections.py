"""Connections that transactions share, one after the other."""

from contextlib import closing
from threading import Event, Thread

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from app.db.models import Shop
from app.db.session import Database, Tenant
from app.db.wire import Wire, one_trip

BACKEND = "select pg_backend_pid()"


@pytest.fixture
def two(database_url):
    """A database of two connections."""
    with closing(Database(database_url, pool_size=2)) as database:
        yield database


def backend(session) -> int:
    with one_trip(session) as trip:
        answer = trip.ask(BACKEND)
    [(process_id,)] = answer.rows
    return process_id


def backends_at_once(database) -> set[int]:
    with database.tenant(Tenant()) as one, database.tenant(Tenant()) as other:
        return {backend(one), backend(other)}


def test_transactions_one_after_the_other_share_a_connection(two):
    seen = set()
    for _ in range(3):
        with two.tenant(Tenant()) as session:
            seen.add(backend(session))
        with two.tenant(Tenant()) as session:
            seen.add(session.scalar(text(BACKEND)))

    assert len(seen) == 1


def test_transactions_at_the_same_time_have_connections_of_their_own(two):
    assert len(backends_at_once(two)) == 2
    assert backends_at_once(two) == backends_at_once(two)


def test_a_transaction_too_many_waits_for_a_connection(database_url):
    with closing(Database(database_url, pool_size=1)) as database:
        began, seen = Event(), []

        def ask() -> None:
            began.set()
            with database.tenant(Tenant()) as session:
                seen.append(backend(session))

        with database.tenant(Tenant()) as session:
            first = backend(session)
            other = Thread(target=ask)
            other.start()
            began.wait()
            assert seen == []
        other.join()

    assert seen == [first]


def test_a_lost_connection_costs_one_transaction_and_the_idle_ones(two):
    lost = backends_at_once(two)
    with two.owner.begin() as owner:
        for process_id in lost:
            owner.execute(text("select pg_terminate_backend(:id)"), {"id": process_id})

    with pytest.raises(DBAPIError) as caught:
        backends_at_once(two)

    assert caught.value.connection_invalidated
    assert len(backends_at_once(two)) == 2
    assert backends_at_once(two).isdisjoint(lost)


def test_a_connection_that_sqlalchemy_finds_lost_is_replaced(two):
    with two.tenant(Tenant()) as session:
        lost = session.scalar(text(BACKEND))
    with two.owner.begin() as owner:
        owner.execute(text("select pg_terminate_backend(:id)"), {"id": lost})

    with pytest.raises(DBAPIError), two.tenant(Tenant()) as session:
        session.scalar(text(BACKEND))

    with two.tenant(Tenant()) as session:
        assert session.scalar(text(BACKEND)) != lost


def test_a_connection_that_cannot_be_rolled_back_is_replaced(database_url, monkeypatch):
    with closing(Database(database_url, pool_size=1)) as database:
        with database.tenant(Tenant()) as session:
            lost = backend(session)
        with monkeypatch.context() as patched:
            patched.setattr(Wire, "roll_back", interrupt)
            with pytest.raises(KeyboardInterrupt):
                ask_and_fail(database)

        with database.tenant(Tenant()) as session:
            assert backend(session) != lost


def interrupt(wire: Wire) -> None:
    raise KeyboardInterrupt


def ask_and_fail(database) -> None:
    with database.tenant(Tenant()) as session:
        backend(session)
        raise KeyError


def test_a_session_that_is_over_reaches_nobody_elses_connection(two):
    with two.tenant(Tenant()) as over:
        backend(over)

    with two.tenant(Tenant()) as session:
        backend(session)
        with pytest.raises(AttributeError):
            backend(over)


def test_what_was_added_and_never_written_is_forgotten_with_its_session(two):
    shop = Shop()
    with pytest.raises(KeyError), two.tenant(Tenant()) as session:
        add_and_fail(session, shop)

    with two.tenant(Tenant()) as session:
        assert shop not in session
        session.add(shop)
        session.expunge(shop)


def add_and_fail(session, shop: Shop) -> None:
    session.add(shop)
    raise KeyError
