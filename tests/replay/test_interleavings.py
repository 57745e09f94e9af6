"""Real purchases and returns in five random orders of arrival end at the same ledger, to the point.

Every webhook of a history is translated as the drain translates it, and applied in batches as the
drain applies them: first as it happened, then shuffled whole, a tenth of it doubled.
"""

import random
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson
import psycopg
import pytest
from cryptography.fernet import Fernet

from app.db.encryption import Vault
from app.db.session import Database
from app.domain.program_rules import ProgramRules
from app.services.save_tiers import TierDraft, save_tiers
from app.services.verify_ledger import verify_ledger
from devstore.history.cdnow import read_cdnow
from devstore.history.happenings import History
from devstore.history.online_retail import read_online_retail
from devstore.store.shop import Shop
from devstore.webhooks.bodies import Bodies
from tests.fixtures.stores import LEDGER_KEY, Store, open_store
from webhooks.inbox_rows import State
from webhooks.process import Translated, apply
from webhooks.topic import Event, Scope
from webhooks.topics import topics

SEEDS = (None, 1, 2, 3, 4)
"""None: as it happened."""
BATCH, SMALL_BATCH = 500, 40
"""Small, so that what happens to an order comes in batches of its own."""
DOUBLED = 0.1
RULES = ProgramRules(sign_up_points=0)
"""A point a dollar, 14 days pending, gone after 12 months."""
SHOP = Shop(
    domain="replay.myshopify.com",
    name="Replay",
    currency="USD",
    timezone="UTC",
    plan="Plus",
    tax_bp=0,
    taxes_included=False,
    created_at=datetime(1997, 1, 1, tzinfo=UTC),
)


@dataclass(frozen=True)
class Replay:
    """A history, since when it earns and until when it is looked at."""

    read: Callable[[Path, Shop, datetime, int | None], History]
    file: str
    began: datetime
    now: datetime


CDNOW = Replay(
    read_cdnow,
    "CDNOW_master.txt",
    datetime(1997, 1, 1, tzinfo=UTC),
    datetime(1998, 7, 1, tzinfo=UTC),
)
RETAIL = Replay(
    read_online_retail,
    "online_retail_10k.csv",
    datetime(2010, 12, 1, tzinfo=UTC),
    datetime(2010, 12, 18, tzinfo=UTC),
)
"""Invoices of 1 to 5 December: on the 18th some of their points are still pending."""


@pytest.fixture
def database(new_database) -> Iterator[Database]:
    database = Database(new_database())
    yield database
    database.close()


def translated(replay: Replay, path: Path, limit: int | None) -> list[Any]:
    """Return what the webhooks of the first purchases ask for, in the order they happened."""
    history = replay.read(path / replay.file, SHOP, replay.now, limit)
    customers = {customer.id: customer for customer in history.customers}
    bodies = Bodies(SHOP, customers.get, None)
    scope = scope_at(replay.now, 0, 0)
    # A purchase is told as created, paid and updated, by three payloads that are the same.
    known: dict[tuple[int, str], Any] = {}
    outcomes = []
    for happening in history.told_fully():
        topic = happening.topic
        told_as = "orders/updated" if topic in ("orders/create", "orders/paid") else topic
        key = (id(happening.subject), told_as)
        if key not in known:
            payload = orjson.loads(bodies(told_as, happening.subject))
            event = Event(event_id=0, triggered_at=replay.now, payload=payload)
            known[key] = topics()[topic].translate(event, scope)
        outcomes.append(known[key])
    return outcomes


def scope_at(now: datetime, shop_id: int, program_id: int) -> Scope:
    return Scope(
        shop_id=shop_id,
        program_id=program_id,
        now=now,
        ledger_key=LEDGER_KEY,
        vault=Vault((Fernet.generate_key().decode(),), LEDGER_KEY),
    )


def interleaved(outcomes: Sequence[Any], seed: int | None) -> list[Any]:
    """Return the history as it happened, or shuffled whole with a tenth of it doubled."""
    if seed is None:
        return list(outcomes)
    chance = random.Random(seed)
    mixed = [*outcomes, *chance.sample(outcomes, int(len(outcomes) * DOUBLED))]
    chance.shuffle(mixed)
    return mixed


def play(store: Store, outcomes: Sequence[Any], now: datetime, batch: int) -> None:
    """Apply what webhooks ask for, in batches."""
    scope = scope_at(now, store.shop_id, store.program_id)
    events = [Translated(number, outcome) for number, outcome in enumerate(outcomes)]
    for start in range(0, len(events), batch):
        with store.session() as session:
            report = apply(session, scope, events[start : start + batch])
        assert {verdict.state for verdict in report.verdicts} == {State.HANDLED}
        assert report.fetch_order_ids == set()


def programme(database: Database, replay: Replay) -> Store:
    store = open_store(database, RULES, now=replay.began, earning_starts_at=replay.began)
    with store.session() as session:
        tiers = [TierDraft(name="All", threshold=0, multiplier_bp=10_000)]
        save_tiers(session, program_id=store.program_id, tiers=tiers, now=store.now)
    return store


AWARDS = """
    select o.order_id, o.customer_id, o.spend_minor, o.original_spend_minor, o.paid_at, a.points
    from customer_order o
    left join award a on a.program_id = %(program)s and a.source_kind = 'order'
        and a.source_id = o.shop_id || ':' || o.order_id
    where o.shop_id = %(shop)s order by 1
"""
LOTS = """
    select i.customer_id, split_part(a.source_id, ':', 2)::bigint, l.remaining, l.expired,
        l.matured, l.available_at, l.expires_at
    from lot l join award a on a.id = l.award_id
    join member_identity i on i.member_id = l.member_id
    where l.program_id = %(program)s order by 1, 2
"""
BALANCES = """
    select i.customer_id, m.pending, m.available, m.held
    from member m join member_identity i on i.member_id = m.id
    where m.program_id = %(program)s order by 1
"""
ACCOUNTS = """
    select i.customer_id, entry.account, sum(entry.points)::bigint
    from posting p join member_identity i on i.member_id = p.member_id
    cross join lateral (values (p.debit_account, -p.points), (p.credit_account, p.points))
        as entry(account, points)
    where p.program_id = %(program)s group by 1, 2 having sum(entry.points) <> 0 order by 1, 2
"""


def ledger(database: Database, store: Store) -> dict[str, list[Any]]:
    """Return a programme's ledger in the words of the shop: by order and by customer."""
    names = {"program": store.program_id, "shop": store.shop_id}
    with psycopg.connect(database.conninfo()) as connection:
        # PostgreSQL may not know yet how much was written, and would look at each pair of rows.
        connection.execute("set enable_nestloop = off")
        return {
            name: connection.execute(statement, names).fetchall()
            for name, statement in (
                ("awards", AWARDS),
                ("lots", LOTS),
                ("balances", BALANCES),
                ("accounts", ACCOUNTS),
            )
        }


def compare(database: Database, replay: Replay, path: Path, limit: int | None) -> None:
    outcomes = translated(replay, path, limit)
    batch = BATCH if limit is None else SMALL_BATCH
    ledgers = []
    for seed in SEEDS:
        store = programme(database, replay)
        mixed = interleaved(outcomes, seed)
        began = time.monotonic()
        play(store, mixed, replay.now, batch)
        took_s = time.monotonic() - began
        ledgers.append(ledger(database, store))
        with store.session() as session:
            found = verify_ledger(session, program_id=store.program_id, ledger_key=LEDGER_KEY)
        assert found == []
        sys.stdout.write(
            f"{replay.file}, seed {seed}: {len(mixed):,} events in {took_s:.0f} s,"
            f" {len(mixed) / took_s:,.0f} a second; {len(ledgers[-1]['awards']):,} orders,"
            f" {sum(row[-1] or 0 for row in ledgers[-1]['awards']):,} points,"
            f" {len(ledgers[-1]['balances']):,} members.\n"
        )

    assert sum(row[-1] or 0 for row in ledgers[0]["awards"]) > 0
    for name in ("awards", "lots", "balances", "accounts"):
        for other in ledgers[1:]:
            assert other[name] == ledgers[0][name], name


def test_a_few_hundred_purchases_end_alike_in_any_order(database, shared_data):
    compare(database, CDNOW, shared_data, 400)


def test_a_few_hundred_invoices_with_returns_end_alike_in_any_order(database, shared_data):
    compare(database, RETAIL, shared_data, 250)


@pytest.mark.soak
def test_all_of_cdnow_ends_alike_in_any_order(database, shared_data):
    compare(database, CDNOW, shared_data, None)


@pytest.mark.soak
def test_all_of_online_retail_ends_alike_in_any_order(database, shared_data):
    compare(database, RETAIL, shared_data, None)
