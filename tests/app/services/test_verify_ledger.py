"""A proof finds every kind of damage that is done behind the app's back, and nothing else."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from app.db.ledger_checks import CHECKS, SUSPECTED
from app.db.session import Database, Tenant, name_tenant
from app.domain.discrepancy import Discrepancy
from app.services import verify_ledger as verifying
from app.services.verify_ledger import verify_ledger
from app.web.admin.proof_words import discrepancy_sentence, plain
from benchmarks.small_ledger import START, SmallLedger
from tests.fixtures.stores import LEDGER_KEY, open_store

A_LOT = (
    "select id from lot where remaining between 2 and points - 2 and matured order by id limit 1"
)
AN_EARLY_POSTING = (
    "select id, member_id, sequence, 'member:' || member_id || ' posting:' || sequence as place"
    " from posting p where sequence = 2"
    " and exists (select 1 from posting where member_id = p.member_id and sequence = 3)"
    " order by id limit 1"
)
A_LAST_POSTING = (
    "select p.id, p.member_id, p.sequence, before.hash as head from posting p"
    " join member m on m.id = p.member_id and m.posting_count = p.sequence"
    " join posting before on before.member_id = m.id and before.sequence = p.sequence - 1"
    " order by p.id limit 1"
)
AN_AWARD = (
    "select a.id, a.member_id, o.order_id, 'order:' || o.order_id || ' award:' || a.id as place"
    " from award a join customer_order o on a.source_id = o.shop_id || ':' || o.order_id"
    " where a.points > 50 and o.snapshot ->> 'financial_status' = 'paid'"
    " and o.snapshot ->> 'cancelled_at' is null order by a.id limit 1"
)
A_MEMBER = "select id from member where available > 0 and pending > 0 order by id limit 1"
OPEN = "select id from redemption where state = 'ready' order by id limit 1"
USED = "select id from redemption where state = 'used' and returned = 0 order by id limit 1"
AN_ALLOCATION = (
    "select a.id, a.redemption_id, a.lot_id, a.member_id from allocation a"
    " join redemption r on r.id = a.redemption_id"
    " where r.state = 'ready' and a.points > 1 and a.lot_id is not null"
    " and not exists (select 1 from posting where redemption_id = r.id and member_id <> r.member_id)"
    " order by a.id limit 1"
)

# What is looked for, what is done to it, and what a proof must say: check and place.
DAMAGE = {
    "points given": (
        A_MEMBER,
        "update member set available = available + 5 where id = :id",
        [("balances", "member:{id}"), ("balances_in_lots", "member:{id}")],
    ),
    "pending points given": (
        A_MEMBER,
        "update member set pending = pending + 5 where id = :id",
        [("balances", "member:{id}"), ("balances_in_lots", "member:{id}")],
    ),
    "held points given": (
        A_MEMBER,
        "update member set held = held + 5 where id = :id",
        [("balances", "member:{id}"), ("holds", "member:{id}")],
    ),
    "postings miscounted": (
        A_MEMBER,
        "update member set posting_count = posting_count + 1 where id = :id",
        [("counters", "member:{id}")],
    ),
    "chain head replaced": (
        A_MEMBER,
        "update member set chain_head = sha256('x') where id = :id",
        [("chain_heads", "member:{id}")],
    ),
    "posting's points changed": (
        AN_EARLY_POSTING,
        "update posting set points = points + 1 where id = :id",
        [("chain", "{place}"), ("balances", "member:{member_id}")],
    ),
    "posting's actor changed": (
        AN_EARLY_POSTING,
        "update posting set actor = 'staff:9' where id = :id",
        [("chain", "{place}")],
    ),
    "posting's moment changed": (
        AN_EARLY_POSTING,
        "update posting set occurred_at = occurred_at + interval '1 microsecond' where id = :id",
        [("chain", "{place}")],
    ),
    "posting removed": (
        AN_EARLY_POSTING,
        "delete from posting where id = :id",
        [("chain", "{place}"), ("balances", "member:{member_id}")],
    ),
    "last posting removed, its traces too": (
        A_LAST_POSTING,
        "insert into ledger_proof (program_id, proved_at, postings, last_posting_id, awards,"
        " duration_ms, discrepancies) select program_id, now(), count(*), max(id), 0, 0, '[]'"
        " from posting group by program_id;"
        " delete from posting where id = :id;"
        " update member set chain_head = :head, posting_count = posting_count - 1"
        " where id = :member_id",
        [("vanished", "")],
    ),
    "posting forged": (
        A_LAST_POSTING,
        "insert into posting (program_id, member_id, sequence, kind, debit_account, credit_account,"
        " points, source_key, actor, occurred_at, recorded_at, hash) select program_id, member_id,"
        " sequence + 1, kind, 'adjusted', 'available', 500, 'forged', actor, occurred_at,"
        " recorded_at, sha256(hash) from posting where id = :id;"
        " update member set posting_count = posting_count + 1, available = available + 500,"
        " chain_head = (select hash from posting where source_key = 'forged') where id = :member_id",
        [("chain", "member:{member_id} posting:{next_sequence}")],
    ),
    "posting moved to another member": (
        A_LAST_POSTING,
        "update posting set sequence = 999, member_id = (select max(id) from member"
        " where id <> :member_id) where id = :id",
        [("chain_heads", "member:{member_id}"), ("counters", "member:{member_id}")],
    ),
    "posting of nobody": (
        "select id from member where posting_count > 0 order by id limit 1",
        "delete from member where id = :id",
        [("strays", "")],
    ),
    "transfer turned into spending": (
        "select id, member_id, sequence, 'member:' || member_id || ' posting:' || sequence as place"
        " from posting where kind = 'transfer' and credit_account = 'transferred' limit 1",
        "update posting set credit_account = 'redeemed' where id = :id",
        [("transfers", ""), ("chain", "{place}")],
    ),
    "lot refilled": (
        A_LOT,
        "update lot set remaining = remaining + 1 where id = :id",
        [("lots", "lot:{id}")],
    ),
    "lot enlarged": (
        A_LOT,
        "update lot set points = points + 1 where id = :id",
        [("lots", "lot:{id}")],
    ),
    "lot's expired points forgotten": (
        "select id from lot where expired > 0 order by id limit 1",
        "update lot set expired = 0 where id = :id",
        [("lots", "lot:{id}")],
    ),
    "lot's written-off points made up": (
        A_LOT,
        "update lot set written_off = 1 where id = :id",
        [("lots", "lot:{id}")],
    ),
    "lot matured early": (
        "select id, member_id from lot where not matured and remaining > 0 order by id limit 1",
        "update lot set matured = true where id = :id",
        [("lots", "lot:{id}"), ("balances_in_lots", "member:{member_id}")],
    ),
    "award raised": (
        AN_AWARD,
        "update award set points = points + 1 where id = :id",
        [("awards", "award:{id}"), ("reckoning", "{place}"), ("receipts", "{place}")],
    ),
    "award and receipt raised together": (
        AN_AWARD,
        "update award set points = points + 1, receipt = jsonb_set(receipt::jsonb, '{0,points}',"
        " to_jsonb((receipt #>> '{0,points}')::bigint + 1)) where id = :id",
        [("awards", "award:{id}"), ("reckoning", "{place}")],
    ),
    "award raised in a shop whose customers are all gone": (
        AN_AWARD,
        "delete from member_identity; update award set points = points + 1 where id = :id",
        [("awards", "award:{id}"), ("reckoning", "{place}"), ("receipts", "{place}")],
    ),
    "award tied to no number of an order": (
        AN_AWARD,
        "update award set source_id = split_part(source_id, ':', 1) || '\\:0'"
        " || split_part(source_id, ':', 2) where id = :id",
        [("lost_orders", "award:{id}"), ("missing_awards", "order:{order_id}")],
    ),
    "award tied to no shop": (
        AN_AWARD,
        "update award set source_id = 'x' || source_id where id = :id",
        [("lost_orders", "award:{id}"), ("missing_awards", "order:{order_id}")],
    ),
    "sign-up award raised": (
        "select id from award where source_kind = 'sign_up' order by id limit 1",
        "update award set points = points + 1 where id = :id",
        [("awards", "award:{id}"), ("reckoning", "award:{id}"), ("receipts", "award:{id}")],
    ),
    "gift of staff raised": (
        "select id from award where source_kind = 'manual' order by id limit 1",
        "update award set points = points + 1, receipt = jsonb_set(receipt::jsonb, '{0,points}',"
        " to_jsonb(points + 1)) where id = :id",
        [("awards", "award:{id}"), ("reckoning", "award:{id}")],
    ),
    "receipt's line renamed": (
        AN_AWARD,
        """update award set receipt = jsonb_set(receipt::jsonb, '{0,title}', '"Gold"') where id = :id""",
        [("receipt_lines", "{place}")],
    ),
    "receipt's line told more": (
        AN_AWARD,
        "update award set receipt = jsonb_set(receipt::jsonb, '{0,detail}', '\"sale\"')::json"
        " where id = :id",
        [("receipt_lines", "{place}")],
    ),
    "multiplier pinned anew": (
        AN_AWARD,
        "update award set pin = jsonb_set(pin::jsonb, '{multiplier_bp}', '30000') where id = :id",
        [("reckoning", "{place}")],
    ),
    "pinned to no rules": (
        AN_AWARD,
        "update award set pin = jsonb_set(pin::jsonb, '{rule_version_id}', '999999') where id = :id",
        [("pins", "{place}")],
    ),
    "award given to another member": (
        AN_AWARD,
        "update award set member_id = (select max(id) from member where id <> :member_id)"
        " where id = :id",
        [("owners", "{place}")],
    ),
    "rules changed after they were published": (
        AN_AWARD,
        "update rule_version set config = jsonb_set(config, '{points_per_unit}', '3')",
        [("reckoning", "{place}")],
    ),
    "order's price changed": (
        AN_AWARD,
        "update customer_order set snapshot = jsonb_set(snapshot::jsonb, '{lines,0,gross_minor}',"
        " '99999') where order_id = :order_id",
        [("reckoning", "{place}"), ("spend", "{place}")],
    ),
    "order's spend changed": (
        AN_AWARD,
        "update customer_order set spend_minor = spend_minor + 1 where order_id = :order_id",
        [("spend", "{place}")],
    ),
    "order spoilt": (
        AN_AWARD,
        "update customer_order set snapshot = '{}' where order_id = :order_id",
        [("unreadable", "{place}")],
    ),
    "order removed": (
        AN_AWARD,
        "delete from customer_order where order_id = :order_id",
        [("lost_orders", "award:{id}")],
    ),
    "award removed": (
        AN_AWARD,
        "delete from award where id = :id",
        [("missing_awards", "order:{order_id}")],
    ),
    "allocation raised": (
        AN_ALLOCATION,
        "update allocation set points = points + 1 where id = :id",
        [
            ("allocations", "redemption:{redemption_id} lot:{lot_id}"),
            ("redemptions", "redemption:{redemption_id}"),
        ],
    ),
    "allocation tied to another lot": (
        AN_ALLOCATION,
        "update allocation set lot_id = (select min(id) from lot where id <> :lot_id)"
        " where id = :id",
        [("allocations", "redemption:{redemption_id} lot:{lot_id}")],
    ),
    "allocation given back on paper": (
        AN_ALLOCATION,
        "update allocation set restored = points where id = :id",
        [("redemptions", "redemption:{redemption_id}")],
    ),
    "open redemption made cheaper": (
        AN_ALLOCATION,
        "update redemption set points = points - 1 where id = :redemption_id",
        [
            ("holds", "member:{member_id}"),
            ("redemption_states", "redemption:{redemption_id}"),
        ],
    ),
    "used redemption given back on paper": (
        USED,
        "update redemption set returned = points where id = :id",
        [("redemptions", "redemption:{id}"), ("redemption_states", "redemption:{id}")],
    ),
    "used redemption released on paper": (
        USED,
        "update redemption set state = 'released', released_at = now(), used_at = null,"
        " order_id = null where id = :id",
        [("redemption_states", "redemption:{id}")],
    ),
}


# Each is done to some row picked by chance.
DAMAGE_TO_SUMS = (
    ("posting", "update posting set points = points + 3"),
    (
        "posting",
        "update posting set kind = case kind when 'fill_debt' then 'mature' else 'fill_debt' end",
    ),
    *(
        (
            "posting",
            f"update posting set debit_account = '{debit}', credit_account = '{credit}'",
        )
        for debit, credit in (
            ("issued", "pending"),
            ("pending", "issued"),
            ("adjusted", "issued"),
            ("issued", "adjusted"),
            ("available", "expired"),
            ("transferred", "available"),
            ("expired", "issued"),
        )
    ),
    ("posting", "update posting set lot_id = (select max(id) from lot where id <> lot_id)"),
    ("posting", "update posting set lot_id = null"),
    ("posting", "update posting set award_id = (select max(id) from award where id <> award_id)"),
    ("posting", "update posting set award_id = null"),
    ("posting", "delete from posting"),
    ("lot", "update lot set award_id = (select max(id) from award where id <> award_id)"),
    ("lot", "delete from lot"),
    (
        "lot",
        "insert into lot (program_id, member_id, points, remaining, expired, available_at, matured)"
        " select program_id, member_id, 5, 5, 0, available_at, true from lot",
    ),
    (
        "award",
        "insert into award (program_id, member_id, source_kind, source_id, rule_version_id, pin,"
        " points, revision, receipt, created_at, reckoned_at) select program_id, member_id, 'order',"
        " '999999:1', rule_version_id, pin, 5, 1, receipt, created_at, reckoned_at from award",
    ),
    ("member", "update member set available = available - 1, held = held + 1"),
)


@pytest.fixture(scope="module")
def lived(database_url: str) -> Iterator[tuple[Database, Tenant]]:
    """A shop that lived for fourteen months."""
    database = Database(database_url, pool_size=2)
    store = open_store(database, now=START)
    tenant = Tenant(program_id=store.program_id, shop_id=store.shop_id)
    shop = SmallLedger(
        database=database,
        tenant=tenant,
        ledger_key=LEDGER_KEY,
        customers=24,
        orders_a_step=7,
        step_days=10,
    )
    shop.live(430)
    yield database, tenant
    database.close()


@contextmanager
def damaged(
    lived: tuple[Database, Tenant], look: str, damage: str
) -> Iterator[tuple[Session, dict[str, object]]]:
    """Yield a session that sees the damage, and what was damaged; it is undone afterwards."""
    database, tenant = lived
    with database.owner.connect() as connection, Session(connection) as session:
        role = database.role("app")
        session.execute(text(f'set local role "{role}"'))
        name_tenant(session, tenant)
        thing = dict(session.execute(text(look)).mappings().one())
        thing["next_sequence"] = int(str(thing.get("sequence", 0))) + 1
        session.execute(text("reset role"))
        # As a replica the owner is held up by no trigger and no foreign key.
        session.execute(text("set local session_replication_role = replica"))
        fence = f"program_id = {tenant.program_id}"
        for statement in damage.split(";"):
            if "update rule_version" in statement:
                statement += f" where {fence}"
            session.execute(text(statement), thing)
        session.execute(text(f'set local role "{role}"'))
        name_tenant(session, tenant)
        yield session, thing
        session.rollback()


def prove(session: Session, program_id: int | None) -> list[Discrepancy]:
    return verify_ledger(session, program_id=program_id or 0, ledger_key=LEDGER_KEY)


def test_a_ledger_of_all_sorts_of_events_is_proved(lived):
    database, tenant = lived
    with database.tenant(tenant) as session:
        kinds = set(session.scalars(text("select distinct kind from posting")))
        states = set(session.scalars(text("select distinct state from redemption")))

    with database.tenant(Tenant(program_id=tenant.program_id)) as session:
        found = prove(session, tenant.program_id)

    assert kinds >= {
        "earn",
        "mature",
        "expire",
        "hold",
        "capture",
        "release",
        "return",
        "take_back",
        "adjust",
        "transfer",
    }
    assert states >= {"ready", "used", "released"}
    assert found == []


def test_parts_of_any_size_prove_the_same(lived, monkeypatch):
    database, tenant = lived
    monkeypatch.setattr(verifying, "POSTINGS_A_PART", 40)

    with database.tenant(tenant) as session:
        plan = verifying.plan_proof(session, tenant.program_id)
        found = prove(session, tenant.program_id)

    assert len(plan.parts) > len(CHECKS) + 10
    assert sum(part.postings for part in plan.parts) == plan.postings
    assert found == []


def test_a_ledger_that_is_right_is_read_once(lived):
    database, tenant = lived
    found = verifying.Found()

    with database.tenant(tenant) as session:
        plan = verifying.plan_proof(session, tenant.program_id)
        for part in plan.parts:
            found.add(verifying.do_part(session, plan, part, LEDGER_KEY))

    assert found.suspected == set()
    assert (found.lots, found.awards) == (found.totals.lots, found.totals.awards)


@pytest.mark.parametrize("what", DAMAGE)
def test_damage_is_found_and_named(lived, what: str):
    look, damage, expected = DAMAGE[what]

    with damaged(lived, look, damage) as (session, thing):
        found = prove(session, lived[1].program_id)

    named = {(each.what, each.where) for each in found}
    assert {(check, place.format(**thing)) for check, place in expected} <= named
    for each in found:
        sentence = discrepancy_sentence(each, plain)
        assert each.what not in sentence.replace("chain", "")
        assert "%(" not in sentence


def test_an_allocation_of_a_redemption_that_no_posting_names_is_found(lived):
    damage = "update posting set redemption_id = null where redemption_id = :redemption_id"

    with damaged(lived, AN_ALLOCATION, damage) as (session, thing):
        found = prove(session, lived[1].program_id)
        by_tables = {
            (row.what, row.place)
            for row in session.execute(
                text(CHECKS["redemptions"]), {"program_id": lived[1].program_id}
            )
        }

    place = "redemption:{redemption_id}".format(**thing)
    assert by_tables == {("redemptions", place), ("redemption_states", place)}
    assert by_tables <= {(each.what, each.where) for each in found}
    assert ("allocations", "{0} lot:{lot_id}".format(place, **thing)) in {
        (each.what, each.where) for each in found
    }


def test_every_check_over_the_whole_programme_is_tried(lived):
    tried = {check for _, _, expected in DAMAGE.values() for check, _ in expected}

    assert {*CHECKS, *SUSPECTED, "strays", "transfers", "vanished"} <= tried


@pytest.mark.parametrize(("table", "damage"), DAMAGE_TO_SUMS)
@pytest.mark.parametrize("seed", range(2))
def test_sums_by_the_way_suspect_whatever_sums_of_whole_tables_find(
    lived, table: str, damage: str, seed: int
):
    look = f"select id from {table} order by sha256((id * 7 + {seed})::text::bytea) limit 1"

    with damaged(lived, look, f"{damage} where id = :id") as (session, _):
        found = prove(session, lived[1].program_id)
        by_tables = {
            (check, row.place)
            for check, query in SUSPECTED.items()
            for row in session.execute(text(query), {"program_id": lived[1].program_id})
        }

    assert {(each.what, each.where) for each in found if each.what in SUSPECTED} == by_tables


def test_an_award_is_summed_over_the_members_that_it_went_through(lived):
    database, tenant = lived
    others = text(
        "select count(distinct a.id) from posting p join award a on a.id = p.award_id"
        " where p.member_id <> a.member_id"
    )

    with database.tenant(tenant) as session:
        moved = session.scalar(others)
        found = prove(session, tenant.program_id)

    assert moved > 0
    assert found == []


def test_a_receipt_that_says_the_same_in_another_form_is_right(lived):
    damage = "update award set receipt = receipt::jsonb::json where id = :id"

    with damaged(lived, AN_AWARD, damage) as (session, _):
        found = prove(session, lived[1].program_id)

    assert found == []


def test_one_changed_posting_breaks_one_link_only(lived):
    look, damage, _ = DAMAGE["posting's actor changed"]

    with damaged(lived, look, damage) as (session, _):
        found = prove(session, lived[1].program_id)

    assert [each.what for each in found] == ["chain"]


def test_a_ledger_chained_with_another_key_is_not_believed(lived):
    database, tenant = lived

    with database.tenant(tenant) as session:
        found = verify_ledger(session, program_id=tenant.program_id, ledger_key=b"another" * 5)

    assert {each.what for each in found} == {"chain"}
    assert len(found) == verifying.MOST_REPORTED


def test_what_is_wrong_is_told_in_words():
    told = discrepancy_sentence(
        Discrepancy(
            what="balances", where="member:12", expected="0 / 100 / 0", found="0 / 250 / 0"
        ),
        plain,
    )

    assert told == (
        "Member 12: pending / available / held are not what the postings sum to."
        " Expected 0 / 100 / 0, found 0 / 250 / 0."
    )
