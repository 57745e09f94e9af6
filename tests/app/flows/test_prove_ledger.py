"""A proof over several processes says the same as one alone, is kept, and is looked back at."""

import dataclasses
import threading

import pytest
from sqlalchemy import text

from app.clock import utc_now
from app.db.queries.ledger_proofs import latest_proof
from app.db.session import Tenant, export_moment
from app.flows import prove_ledger as proving
from app.flows.prove_ledger import prove_ledger
from tests.fixtures.stores import LEDGER_KEY, open_store


@pytest.fixture
def store(parts):
    """A store with some members and orders."""
    store = open_store(parts.database)
    store.take_in(*(store.order(10_000 + 100 * n, customer=n) for n in range(1, 9)))
    return store


@pytest.fixture
def prove(parts, store):
    """Return a function that proves the store's ledger."""

    def prove(**changes):
        return prove_ledger(
            parts.database,
            program_id=store.program_id,
            ledger_key=LEDGER_KEY,
            now=utc_now(),
            **changes,
        )

    return prove


@pytest.fixture
def steal(parts, store):
    """Return a function that gives a member points behind the app's back."""

    def steal(customer=1):
        member_id = store.member_id(customer)
        with parts.database.owner.begin() as connection:
            connection.execute(
                text("update member set available = available + 7 where id = :id"),
                {"id": member_id},
            )
        return member_id

    return steal


def test_a_proof_counts_what_it_looked_at(prove):
    proof = prove()

    assert (proof.postings, proof.awards, proof.discrepancies) == (8, 8, [])


@pytest.fixture(params=[1, 2], ids=["one thread", "two threads"])
def threads(request, monkeypatch):
    """So many threads seem to run: other processes are copies of this one, or start afresh."""
    monkeypatch.setattr(threading, "active_count", lambda: request.param)


@pytest.mark.usefixtures("threads")
def test_several_processes_find_what_one_finds(prove, steal, monkeypatch):
    steal(3)
    alone = prove()
    monkeypatch.setattr(proving, "ALONE_UP_TO", 0)
    told = []

    together = prove(processes=2, progress=lambda done, total: told.append((done, total)))

    assert [each.what for each in together.discrepancies] == ["balances", "balances_in_lots"]
    assert together.discrepancies == alone.discrepancies
    assert (together.postings, together.awards) == (8, 8)
    assert told[-1] == (8, 8)


def test_all_processes_look_at_one_moment(parts, store):
    tenant = Tenant(program_id=store.program_id)
    count = text("select count(*) from posting")
    with parts.database.tenant(tenant, one_moment=True) as first:
        before = first.scalar(count)
        moment = export_moment(first)
        store.take_in(store.order(50_000, customer=9))

        with parts.database.tenant(tenant, moment=moment) as second:
            seen = second.scalar(count)
        with parts.database.tenant(tenant) as third:
            now = third.scalar(count)

    assert (before, seen, now) == (8, 8, 9)


def test_the_newest_proof_is_kept_with_what_was_wrong(parts, prove, steal, store):
    prove()
    member_id = steal()
    prove()

    with parts.database.tenant(Tenant(program_id=store.program_id)) as session:
        kept = latest_proof(session, store.program_id)

    assert kept.postings == 8
    assert [each.where for each in kept.discrepancies] == [f"member:{member_id}"] * 2


def test_postings_that_are_gone_since_the_last_proof_are_missed(parts, prove, store):
    prove()
    member_id = store.member_id(8)
    with parts.database.owner.begin() as connection:
        connection.execute(text("set local session_replication_role = replica"))
        for statement in (
            "delete from posting where member_id = :id",
            "delete from lot where member_id = :id",
            "delete from award where member_id = :id",
            "delete from customer_order where member_id = :id",
            "update member set pending = 0, posting_count = 0, chain_head = '' where id = :id",
        ):
            connection.execute(text(statement), {"id": member_id})

    proof = prove()

    assert [dataclasses.astuple(each) for each in proof.discrepancies] == [
        ("vanished", "", "8", "7")
    ]
