"""Row-level security stands behind every query."""

import psycopg
import pytest
from psycopg import errors
from sqlalchemy import func, select, text
from sqlalchemy.exc import DataError, ProgrammingError

from app.db.models import Base, Posting, Program, Shop
from app.db.session import Database, Tenant
from tests.fixtures.stores import Store, open_store

TENANT_TABLES = sorted(Base.metadata.tables)


@pytest.fixture
def busy_store(database: Database) -> Store:
    """A store with members, points and a redemption."""
    store = open_store(database)
    store.take_in(store.order(50_000))
    store.later(days=20)
    store.take_in(store.order(10_000))
    store.hold()
    return store


@pytest.mark.parametrize("table", TENANT_TABLES)
def test_a_foreign_tenant_sees_nothing(database: Database, busy_store: Store, table: str):
    foreign = Tenant(program_id=busy_store.program_id + 10**6, shop_id=busy_store.shop_id + 10**6)

    with database.tenant(foreign) as session:
        assert session.scalar(text(f"select count(*) from {table}")) == 0
    with database.tenant(Tenant()) as session:
        assert session.scalar(text(f"select count(*) from {table}")) == 0


@pytest.mark.parametrize("table", TENANT_TABLES)
def test_every_table_is_fenced(database: Database, table: str):
    query = text("select relrowsecurity from pg_class where oid = cast(:table as regclass)")

    with database.owner.connect() as connection:
        assert connection.scalar(query, {"table": table}) is True


def test_a_tenant_cannot_write_for_another(database: Database, busy_store: Store):
    other = open_store(database)

    with pytest.raises(ProgrammingError, match="row-level security"), other.session() as session:
        session.execute(
            text(
                "insert into reward (program_id, type, points, config, position, active, created_at)"
                " values (:program_id, 'amount_off', 1, '{}', 1, true, now())"
            ),
            {"program_id": busy_store.program_id},
        )
    with other.session() as session:
        changed = session.execute(
            text("update member set available = 0 where program_id = :program_id"),
            {"program_id": busy_store.program_id},
        )
        assert changed.rowcount == 0


def test_a_connection_used_by_another_tenant_before_sees_nothing_of_it(busy_store: Store):
    database = Database(busy_store.database.conninfo(), pool_size=1)
    try:
        with database.tenant(Tenant(program_id=busy_store.program_id)) as session:
            assert session.scalar(select(func.count()).select_from(Program)) == 1
        with database.tenant(Tenant()) as session:
            assert session.scalar(select(func.count()).select_from(Program)) == 0
    finally:
        database.close()


def test_sweeps_see_where_there_is_work_in_all_shops_and_nothing_of_people(
    database: Database, busy_store: Store
):
    with database.sweep() as session:
        assert busy_store.shop_id in set(session.scalars(select(Shop.id)))
    for query in (select(Shop.access_token), select(Posting.points)):
        with (
            pytest.raises(ProgrammingError, match="permission denied"),
            database.sweep() as session,
        ):
            session.execute(query)


INSERT_EVENT = (
    "insert into webhook_event (shop_id, webhook_id, event_id, topic, api_version, triggered_at,"
    " received_at, body) values (%s, 'w1', 'e1', 'orders/paid', '2026-10', '', now(), '')"
    " on conflict do nothing"
)


def test_the_intake_inserts_for_any_shop_once_and_reads_no_events(
    database: Database, busy_store: Store
):
    other = open_store(database)

    with database.connect("intake") as connection:
        counts = [
            connection.execute(INSERT_EVENT, (store.shop_id,)).rowcount
            for store in (busy_store, other, other)
        ]
        assert counts == [1, 1, 0]
        found = connection.execute("select domain from shop where id = %s", (other.shop_id,))
        assert found.fetchone() is not None
        with pytest.raises(errors.InsufficientPrivilege):
            connection.execute("select body from webhook_event")
        with pytest.raises(errors.InsufficientPrivilege):
            connection.execute("select access_token from shop")


def test_jobs_can_be_enqueued_by_app_and_intake(database: Database):
    for role in ("app", "intake", "sweep"):
        with database.connect(role) as connection:
            assert isinstance(connection, psycopg.Connection)
            connection.execute("select count(*) from procrastinate_jobs")


def tenant_of(store: Store) -> Tenant:
    return Tenant(program_id=store.program_id, shop_id=store.shop_id)


def test_what_is_asked_in_one_round_trip_is_the_tenants_and_known_after_it(busy_store: Store):
    database = busy_store.database
    with database.ask(tenant_of(busy_store)) as trip:
        own = trip.ask("select count(*) from member")
        nothing = trip.ask("select 1 from member where false")
    with database.ask(Tenant()) as trip:
        foreign = trip.ask("select count(*) from member")

    assert own.rows == [(1,)]
    assert nothing.rows == []
    assert foreign.rows == [(0,)]


def test_what_is_asked_in_one_round_trip_is_done_as_a_whole_or_not_at_all(busy_store: Store):
    database = busy_store.database

    def rename_and_fail():
        with database.ask(tenant_of(busy_store)) as trip:
            trip.ask("update program set name = 'Other'")
            trip.ask("select 1 / 0")

    with pytest.raises(DataError):
        rename_and_fail()

    with database.ask(tenant_of(busy_store)) as trip:
        names = trip.ask("select name from program")
    assert names.rows != [("Other",)]
