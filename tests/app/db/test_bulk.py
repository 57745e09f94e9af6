"""Rows written many at a time."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from app.db.bulk import insert_rows, update_rows, upsert_rows, without_waiting
from app.db.models import Customer, Tier
from app.db.session import Database
from tests.fixtures.stores import Store, open_store

AT = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture
def store(database: Database) -> Store:
    """A store with its three tiers."""
    return open_store(database)


def tier(store: Store, name: str, threshold: int):
    return {
        "program_id": store.program_id,
        "name": name,
        "threshold_minor": threshold,
        "multiplier_bp": 10_000,
    }


def write_in_savepoint(session, *rows):
    with session.begin_nested(), without_waiting(session):
        for row in rows:
            insert_rows(session, Tier, [row])


def names(session):
    return session.scalars(select(Tier.name).order_by(Tier.threshold_minor)).all()


def test_writes_in_flight_are_all_there_at_the_end(store: Store):
    with store.session() as session:
        with without_waiting(session):
            insert_rows(session, Tier, [tier(store, "Tree", 200_000)])
            insert_rows(session, Tier, [tier(store, "Wood", 300_000)])
        assert names(session)[-2:] == ["Tree", "Wood"]


def test_an_error_in_flight_is_sqlalchemys_and_costs_its_savepoint_only(store: Store):
    tree, wood = tier(store, "Tree", 200_000), tier(store, "Wood", 300_000)
    with store.session() as session:
        with pytest.raises(IntegrityError) as caught:
            write_in_savepoint(session, tree, tier(store, "Again", 0), wood)
        assert getattr(caught.value.orig, "sqlstate", None) == "23505"
        assert names(session) == ["Bronze", "Silver", "Gold"]
        insert_rows(session, Tier, [tree])

    with store.session() as session:
        assert session.scalar(select(func.count()).select_from(Tier)) == 4


def test_rows_are_updated_by_their_key(store: Store):
    with store.session() as session:
        ids = session.scalars(select(Tier.id).order_by(Tier.threshold_minor)).all()
        update_rows(session, Tier, [{"id": id_, "name": f"Tier {id_}"} for id_ in ids])
        assert names(session) == [f"Tier {id_}" for id_ in ids]


def test_bytes_dates_and_nothing_survive_the_journey(store: Store):
    row = {
        "shop_id": store.shop_id,
        "customer_id": 1,
        "name": b"\x00\xff\\",
        "email": None,
        "created_at": AT,
        "updated_at": AT,
    }
    with store.session() as session:
        upsert_rows(session, Customer, [row], newer_by="updated_at")
        kept = session.scalars(select(Customer)).one()
        assert (kept.name, kept.email, kept.updated_at) == (b"\x00\xff\\", None, AT)
