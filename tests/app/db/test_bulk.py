"""Rows written many at a time."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from app.db.bulk import (
    insert_new_rows,
    insert_rows,
    insert_values,
    update_rows,
    upsert_rows,
    without_waiting,
)
from app.db.models import Award, Customer, Member, RuleVersion, Tier
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
        "threshold": threshold,
        "rank": threshold,
        "multiplier_bp": 10_000,
    }


def write_in_savepoint(session, *rows):
    with session.begin_nested(), without_waiting(session):
        for row in rows:
            insert_rows(session, Tier, [row])


def names(session):
    return session.scalars(select(Tier.name).order_by(Tier.threshold)).all()


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
        ids = session.scalars(select(Tier.id).order_by(Tier.threshold)).all()
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


TEXTS = [
    "plain",
    "",
    "null",
    "NULL",
    "{a,b}",
    'say "tea"',
    "back\\slash\\",
    "two\nlines\tand\x01more\x7f",
    "ชา — 🍵",
    " spaces ",
]


@pytest.mark.parametrize("texts", [TEXTS[:5], TEXTS[5:7], TEXTS, *([text] for text in TEXTS)])
def test_texts_of_every_kind_survive_the_journey(store: Store, texts):
    with store.session() as session:
        rows = [tier(store, text, 300_000 + number) for number, text in enumerate(texts)]
        insert_rows(session, Tier, rows)

        assert names(session)[3:] == texts


@pytest.mark.parametrize("texts", [TEXTS, TEXTS[5:6]])
def test_json_survives_the_journey(store: Store, texts):
    receipts = [[{"title": text, "points": 1}] for text in texts]
    with store.session() as session:
        member = insert_member(session, store)
        rule_version_id = session.scalars(select(RuleVersion.id)).one()
        rows = [
            {
                "program_id": store.program_id,
                "member_id": member,
                "source_kind": "order",
                "source_id": str(number),
                "rule_version_id": rule_version_id,
                "pin": {"of": None},
                "points": 1,
                "revision": 1,
                "receipt": receipt,
                "created_at": AT,
                "reckoned_at": AT,
            }
            for number, receipt in enumerate(receipts)
        ]
        insert_rows(session, Award, rows)

        found = session.scalars(select(Award.receipt).order_by(Award.id)).all()
        assert found == receipts


def insert_member(session, store: Store) -> int:
    row = {"program_id": store.program_id, "joined_at": AT, "last_active_at": AT}
    insert_rows(session, Member, [row])
    return session.scalars(select(Member.id)).one()


def test_rows_share_what_is_the_same_in_all(store: Store):
    with store.session() as session:
        insert_values(
            session,
            Tier,
            ("name", "threshold", "rank"),
            [("Tree", 300_000, 4), ("Wood", 400_000, 5)],
            shared={"program_id": store.program_id, "multiplier_bp": 20_000},
        )

        tiers = session.scalars(select(Tier).where(Tier.multiplier_bp == 20_000)).all()
        assert [(tier.name, tier.threshold) for tier in tiers] == [
            ("Tree", 300_000),
            ("Wood", 400_000),
        ]


def test_rows_that_are_there_stay_as_they_are(store: Store):
    with store.session() as session:
        insert_new_rows(session, Tier, [tier(store, "Other", 0), tier(store, "Tree", 300_000)])

        assert names(session) == ["Bronze", "Silver", "Gold", "Tree"]


def test_no_rows_are_no_statement(store: Store):
    with store.session() as session:
        insert_rows(session, Tier, [])
        insert_new_rows(session, Tier, [])
        upsert_rows(session, Tier, [])
        update_rows(session, Tier, [])

        assert names(session) == ["Bronze", "Silver", "Gold"]
