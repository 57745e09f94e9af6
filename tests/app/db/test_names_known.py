"""What postings and lots name is there, is the tenant's own, and stays: PostgreSQL sees to it."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from app.db.models import Base
from app.db.session import Database
from tests.fixtures.stores import Store, open_store

NAMES = [
    ("posting", "member_id"),
    ("posting", "award_id"),
    ("posting", "redemption_id"),
    ("posting", "lot_id"),
    ("lot", "member_id"),
    ("lot", "award_id"),
]
ANOTHER_KEY = {"sequence": "sequence + 1000", "source_key": "'again-' || source_key"}


@pytest.fixture(scope="module")
def busy_store(database: Database) -> Store:
    """A store with points."""
    store = open_store(database)
    store.take_in(store.order(50_000))
    return store


def copy_rows(store: Store, table: str, **changed: int) -> int:
    """Insert the table's rows again, with other keys and what is changed; keep none, return how many."""
    names = [column.name for column in Base.metadata.tables[table].columns if column.name != "id"]
    values = [f":{name}" if name in changed else ANOTHER_KEY.get(name, name) for name in names]
    with store.session() as session:
        copied = session.execute(
            text(
                f"insert into {table} ({', '.join(names)}) select {', '.join(values)} from {table}"
            ),
            changed,
        )
        session.rollback()
        return copied.rowcount


@pytest.mark.parametrize("table", ["posting", "lot"])
def test_rows_that_name_what_is_there_are_taken(busy_store: Store, table: str):
    assert copy_rows(busy_store, table)


@pytest.mark.parametrize(("table", "column"), NAMES)
def test_a_row_that_names_what_is_not_there_is_refused(busy_store: Store, table: str, column: str):
    with pytest.raises(IntegrityError, match=f"a {table} names what is not there"):
        copy_rows(busy_store, table, **{column: 2**62})


@pytest.mark.parametrize(
    ("table", "column"), [name for name in NAMES if name[1] != "redemption_id"]
)
def test_a_row_that_names_what_is_another_tenants_is_refused(
    database: Database, busy_store: Store, table: str, column: str
):
    stranger = open_store(database)
    stranger.take_in(stranger.order(50_000))
    named = column.removesuffix("_id")
    with stranger.session() as session:
        theirs = session.scalar(text(f"select min(id) from {named}"))

    with pytest.raises(IntegrityError, match=f"a {table} names what is not there"):
        copy_rows(busy_store, table, **{column: theirs})


@pytest.mark.parametrize("table", ["member", "award", "redemption", "lot"])
@pytest.mark.parametrize(
    "removal",
    ["delete from {}", "truncate {} cascade", "update {} set id = id + 1000000 where false"],
)
def test_not_even_the_owner_removes_what_the_ledger_may_name(
    busy_store: Store, table: str, removal: str
):
    with (
        pytest.raises(IntegrityError, match="are kept, as the ledger names them"),
        busy_store.database.owner.begin() as connection,
    ):
        connection.execute(text(removal.format(table)))
