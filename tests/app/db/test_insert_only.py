"""What was posted, published or proved cannot be rewritten: not by the app, not even by the owner."""

import importlib.util
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError, ProgrammingError

from app.clock import utc_now
from app.db.models import Base
from app.db.session import Database
from app.flows.prove_ledger import prove_ledger
from tests.fixtures.stores import LEDGER_KEY, Store, open_store

MIGRATION = Path(__file__).resolve().parents[3] / "migrations/versions/0003_tenants.py"


def insert_only_tables() -> tuple[str, ...]:
    spec = importlib.util.spec_from_file_location("tenants", MIGRATION)
    tenants = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(tenants)
    return tenants.INSERT_ONLY


RECORDS = insert_only_tables()


def changes(table: str) -> list[str]:
    """Return an update of each column, a deletion and an emptying."""
    columns = [column.name for column in Base.metadata.tables[table].columns]
    return [
        *(f"update {table} set {column} = {column}" for column in columns),
        f"delete from {table}",
        f"truncate {table} cascade",
    ]


@pytest.fixture(scope="module")
def busy_store(database: Database) -> Store:
    """A store with points, published rules and a proof."""
    store = open_store(database)
    store.take_in(store.order(50_000))
    prove_ledger(
        database, program_id=store.program_id, ledger_key=LEDGER_KEY, now=utc_now(), processes=1
    )
    return store


def count(store: Store, table: str) -> int:
    with store.session() as session:
        return session.scalar(text(f"select count(*) from {table}"))


def test_the_ledger_its_rules_and_its_proofs_are_records():
    assert {"posting", "rule_version", "ledger_proof"} <= set(RECORDS)


@pytest.mark.parametrize("table", RECORDS)
def test_the_app_may_add_and_read_but_change_nothing(busy_store: Store, table: str):
    for change in changes(table):
        with (
            pytest.raises(ProgrammingError, match="permission denied"),
            busy_store.session() as session,
        ):
            session.execute(text(change))


@pytest.mark.parametrize("table", RECORDS)
def test_not_even_the_owner_changes_a_record(busy_store: Store, table: str):
    before = count(busy_store, table)

    for change in changes(table):
        with (
            pytest.raises(IntegrityError, match="insert-only"),
            busy_store.database.owner.begin() as connection,
        ):
            connection.execute(text(change))

    assert count(busy_store, table) == before


def test_there_is_something_to_protect(busy_store: Store):
    assert min(count(busy_store, table) for table in ("posting", "rule_version", "ledger_proof"))


@pytest.mark.parametrize("table", RECORDS)
def test_an_insert_cannot_turn_into_an_update(busy_store: Store, table: str):
    with (
        pytest.raises((IntegrityError, ProgrammingError)),
        busy_store.session() as session,
    ):
        session.execute(
            text(
                f"insert into {table} select * from {table} on conflict (id)"
                " do update set program_id = excluded.program_id"
            )
        )
