"""The commands of script/: what they print and how they end."""

from contextlib import contextmanager
from dataclasses import replace

import pytest
from sqlalchemy import text

from app import cli
from app.clock import utc_now
from app.development import current
from app.services.start_history_import import start_history_import
from tests.fixtures.stores import LEDGER_KEY, open_store


@pytest.fixture
def store(parts):
    """A store with one order."""
    store = open_store(parts.database)
    store.take_in(store.order(10_000))
    return store


@pytest.fixture
def verify(parts, monkeypatch, capsys):
    """Return a function that runs verify-ledger: (exit code, what it printed)."""

    @contextmanager
    def installation():
        yield replace(parts.settings, ledger_key=LEDGER_KEY)

    def verify(*arguments):
        monkeypatch.setattr(current, "current_installation", installation)
        code = cli.main(["verify-ledger", *arguments])
        printed = capsys.readouterr()
        return code, printed.out + printed.err

    return verify


@pytest.fixture
def reconcile(parts, monkeypatch, capsys):
    """Return a function that runs reconcile: (exit code, what it printed)."""

    @contextmanager
    def installation():
        yield parts.settings

    def reconcile(*arguments):
        monkeypatch.setattr(current, "current_installation", installation)
        code = cli.main(["reconcile", *arguments])
        return code, capsys.readouterr().out

    return reconcile


def test_a_shop_whose_past_is_being_read_is_not_said_to_be_reconciled(reconcile, store):
    with store.session() as session:
        start_history_import(session, shop_id=store.shop_id, asked_by="install", now=utc_now())

    code, told = reconcile()

    assert code == 0
    assert f"Shop {store.shop_id}: its past orders are still being read" in told
    assert told.endswith("0 shops reconciled.\n")


def test_a_proved_ledger_ends_well(verify, store):
    code, told = verify()

    assert code == 0
    assert f"Programme {store.program_id}: 1 postings and 1 awards looked at in" in told
    assert told.endswith("1 postings of 1 programmes proved: no difference.\n")


def test_what_is_wrong_is_printed_and_the_command_fails(parts, verify, store):
    member_id = store.member_id()
    with parts.database.owner.begin() as connection:
        connection.execute(text("update member set pending = pending + 1"))

    code, told = verify()

    assert code == 1
    assert (
        f"Programme {store.program_id}: Member {member_id}: pending / available / held are not what"
        " the postings sum to. Expected 100 / 0 / 0, found 101 / 0 / 0." in told
    )
    assert "2 things are wrong" in told


def test_one_shop_or_one_programme_is_proved_alone(parts, verify, store):
    other = open_store(parts.database)
    with store.session() as session:
        domain = session.scalar(text("select domain from shop"))

    by_shop = verify("--shop", domain)
    by_program = verify("--program", str(other.program_id))

    assert f"Programme {store.program_id}:" in by_shop[1]
    assert "1 postings of 1 programmes" in by_shop[1]
    assert f"Programme {other.program_id}:" in by_program[1]
    assert "0 postings of 1 programmes" in by_program[1]


@pytest.mark.parametrize("which", [("--shop", "none.myshopify.com"), ("--program", "987654")])
def test_an_unknown_shop_or_programme_is_told(verify, store, which):
    assert verify(*which) == (2, "There is no such shop or programme here.\n")


@pytest.fixture
def rebuild_days(parts, monkeypatch, capsys):
    """Return a function that runs rebuild-days: (exit code, what it printed)."""

    @contextmanager
    def installation():
        yield parts.settings

    def rebuild_days(*arguments):
        monkeypatch.setattr(current, "current_installation", installation)
        code = cli.main(["rebuild-days", *arguments])
        printed = capsys.readouterr()
        return code, printed.out + printed.err

    return rebuild_days


def test_wrong_days_are_told_then_put_right_and_members_reviewed(rebuild_days, store):
    told = f"Programme {store.program_id}: 1 days of members"
    with store.session() as session:
        session.execute(text("update member_day set spend_minor = spend_minor + 1"))

    assert rebuild_days("--check") == (1, f"{told} are wrong.\n")
    assert rebuild_days() == (0, f"{told} were wrong and are right now.\n")

    assert rebuild_days("--check")[0] == 0
    with store.session() as session:
        queued = text("select count(*) from procrastinate_jobs where task_name = 'revise_tiers'")
        assert session.scalar(queued) == 1


def test_days_of_a_programme_that_is_not_here_are_not_rebuilt(rebuild_days, store):
    code, told = rebuild_days("--program", str(store.program_id + 1))

    assert (code, told) == (2, "There is no such shop or programme here.\n")
