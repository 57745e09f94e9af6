"""A page costs what is on it: a member with thousands of postings opens like one with a few."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import event, text

from app.clock import utc_now
from app.db.wire import Trip, one_trip
from app.services.enrol_customers import CustomerState, PersonalData, enrol_customers
from app.shopify.proxy_signature import sign_proxy_query
from app.web import storefront
from app.web.admin import assets, customer_export
from app.web.admin import blueprint as admin_blueprint
from app.web.locale.selection import speak

FEW, MANY = 60, 3_000
EXPLAIN = "explain (analyze, format json)"
NOBODY = PersonalData(name=None, email=None, email_hash=None)

# Three postings an order, a used redemption for every ten; all but the last orders are long past.
HISTORY = """
create temporary table n on commit drop as
    select n, :first + n as id, now() - (:orders - n) * interval '8 hours'
        - case when :orders - n > 15 then interval '400 days' else interval '0' end as at
    from generate_series(1, :orders) n;
insert into customer_order (shop_id, order_id, name, customer_id, member_id, processed_at,
    updated_at, paid_at, spend_minor, original_spend_minor, snapshot)
    select :shop_id, id, '#' || id, :customer_id, :member_id, at, at, at, 1000, 1000, '{}' from n;
insert into award (id, program_id, member_id, source_kind, source_id, rule_version_id, pin, points,
    revision, receipt, created_at, reckoned_at)
    select n.id, :program_id, :member_id, 'order', :shop_id || ':' || n.id, version.id,
        jsonb_build_object('rule_version_id', version.id, 'tier_id', null), 10, 1,
        '[{"kind": "line", "title": "Tea", "quantity": 1, "amount_minor": 1000, "points": 10}]',
        at, at
    from n, (select max(id) as id from rule_version) version;
insert into lot (id, program_id, member_id, award_id, points, remaining, expired, available_at,
    matured, expires_at)
    select id, :program_id, :member_id, id, 10, 0, 10, at, true, at + interval '1 year' from n;
insert into redemption (id, program_id, shop_id, member_id, reward_id, customer_id,
    idempotency_key, terms, points, returned, state, surface, code_hash, created_at, expires_at,
    used_at, order_id)
    select id, :program_id, :shop_id, :member_id, (select max(id) from reward), :customer_id,
        'k' || id, '{"type": "amount_off", "points": 10, "config": {"amount_minor": 100}}', 10, 0,
        'used', 'widget', sha256(id::text::bytea), at, at, at, id from n where n % 10 = 0;
insert into posting (program_id, member_id, sequence, kind, debit_account, credit_account, points,
    source_key, award_id, redemption_id, lot_id, actor, occurred_at, recorded_at, hash)
    select :program_id, :member_id, row_number() over (order by n, leg), kind, debit, credit, 10,
        'made:' || id || ':' || leg, case when leg < 4 then id end,
        case when leg = 4 then id end, id, 'system', at, at, ''
    from n, (values (1, 'earn', 'issued', 'pending'), (2, 'mature', 'pending', 'available'),
        (3, 'expire', 'available', 'expired'), (4, 'hold', 'available', 'redeemed'))
        legs (leg, kind, debit, credit)
    where leg < 4 or n % 10 = 0
"""


@pytest.fixture
def clients(web, sign_id_token, opened, monkeypatch, installation_settings):
    """Return what opens a page of the admin, and what asks for the panel and the history."""
    monkeypatch.setattr(
        assets, "_manifest", lambda: {"admin.js": "admin-1.js", "admin.css": "admin-1.css"}
    )
    speak(web)
    web.register_blueprint(admin_blueprint)
    web.register_blueprint(storefront.blueprint)
    web.register_blueprint(customer_export.blueprint)
    client = web.test_client(use_cookies=False)
    token = {"HTTP_AUTHORIZATION": f"Bearer {sign_id_token()}"}

    def open_page(path: str):
        return client.get(path, environ_overrides=token)

    def ask(path: str, customer_id: int, **values: object):
        signed = {
            "shop": ["tea.myshopify.com"],
            "path_prefix": ["/apps/regulars"],
            "timestamp": [str(int(utc_now().timestamp()))],
            "logged_in_customer_id": [str(customer_id)],
        } | {name: [str(value)] for name, value in values.items()}
        signature = sign_proxy_query(signed, installation_settings.shopify_client_secret)
        return client.get(f"/proxy/{path}", query_string=signed | {"signature": [signature]})

    return open_page, ask


@pytest.fixture
def members(parts, opened, tenant) -> dict[int, int]:
    """Two members by how many orders they have."""
    made = {}
    for orders in (FEW, MANY):
        with parts.database.tenant(tenant) as session:
            enrol_customers(
                session,
                shop_id=opened.shop_id,
                program_id=opened.program_id,
                customers=[
                    CustomerState(
                        customer_id=orders,
                        created_at=utc_now(),
                        updated_at=utc_now(),
                        personal=NOBODY,
                    )
                ],
                now=utc_now(),
                ledger_key=parts.settings.ledger_key,
            )
        with parts.database.owner.begin() as connection:
            connection.execute(text("set local session_replication_role = replica"))
            member_id = connection.scalar(
                text("select member_id from member_identity where customer_id = :orders"),
                {"orders": orders},
            )
            connection.execute(text("delete from posting where member_id = :id"), {"id": member_id})
            values = {
                "orders": orders,
                "first": orders * 1_000_000,
                "customer_id": orders,
                "member_id": member_id,
                "program_id": opened.program_id,
                "shop_id": opened.shop_id,
            }
            for statement in HISTORY.split(";\n"):
                connection.execute(text(statement), values)
        made[orders] = member_id
    with parts.database.owner.connect() as connection:
        connection.execution_options(isolation_level="AUTOCOMMIT").execute(
            text("vacuum analyze posting, award, customer_order, lot, redemption, member")
        )
    return made


@pytest.fixture
def rows_read(parts, tenant, monkeypatch) -> Callable[[Callable[[], Any]], int]:
    """Return a function that tells how many rows PostgreSQL looks at while something is done.

    What goes through SQLAlchemy counts, and what is asked on trips.
    """

    def rows_read(do: Callable[[], Any]) -> int:
        executed: list[tuple[str, Any]] = []
        asked: list[tuple[str, Any]] = []
        ask = Trip.ask

        def note(connection, cursor, statement, parameters, context, executemany):
            if _reads(statement):
                executed.append((statement, parameters))

        def note_and_ask(trip, sql, values=()):
            if _reads(sql):
                asked.append((sql, values))
            return ask(trip, sql, values)

        engine = parts.database._app
        event.listen(engine, "before_cursor_execute", note)
        with monkeypatch.context() as patched:
            patched.setattr(Trip, "ask", note_and_ask)
            try:
                do()
            finally:
                event.remove(engine, "before_cursor_execute", note)
        with parts.database.tenant(tenant) as session:
            connection = session.connection()
            # What is looked at must not hang on how full other tests left a table: as in a large
            # one, only an index will do, and to join is to look up.
            for way in ("seqscan", "hashjoin", "mergejoin"):
                connection.exec_driver_sql(f"set local enable_{way} = off")
            plans = [
                connection.exec_driver_sql(f"{EXPLAIN} {statement}", parameters).scalar()
                for statement, parameters in executed
            ]
            for sql, values in asked:
                with one_trip(session) as trip:
                    told = trip.ask(f"{EXPLAIN} {sql}", values)
                plans.append(told.rows[0][0])
        assert executed
        assert asked
        return sum(_scanned(plan[0]["Plan"]) for plan in plans)

    return rows_read


def _reads(statement: str) -> bool:
    return statement.lstrip().lower().startswith("select") and "set_config" not in statement


def _scanned(plan: dict[str, Any]) -> int:
    """Return the rows that a plan's scans touched, those that a filter threw away included."""
    own = 0
    if "Scan" in plan["Node Type"] and plan["Node Type"] not in ("CTE Scan", "Subquery Scan"):
        rows = plan["Actual Rows"] + plan.get("Rows Removed by Filter", 0)
        own = round(rows * plan["Actual Loops"])
    return own + sum(_scanned(part) for part in plan.get("Plans", ()))


def check(rows_read, few: Callable[[], Any], many: Callable[[], Any]) -> None:
    """Assert that the member with fifty times the postings costs no more rows."""
    for do in (few, many):
        assert do().status_code == 200
    assert rows_read(many) <= rows_read(few) * 1.2 + 20


def test_a_members_page(clients, members, rows_read):
    open_page, _ = clients
    few, many = (f"/members/{members[orders]}" for orders in (FEW, MANY))

    check(rows_read, lambda: open_page(few), lambda: open_page(many))


@pytest.mark.parametrize("way", ["before", "after"])
def test_a_page_deep_in_a_members_ledger(clients, members, rows_read, way):
    open_page, _ = clients
    few = f"/members/{members[FEW]}?{way}=90"
    many = f"/members/{members[MANY]}?{way}=4500"

    check(rows_read, lambda: open_page(few), lambda: open_page(many))


def test_the_shoppers_panel_and_older_history(clients, members, rows_read):
    _, ask = clients

    check(rows_read, lambda: ask("panel", FEW), lambda: ask("panel", MANY))
    check(
        rows_read,
        lambda: ask("history", FEW, before=150),
        lambda: ask("history", MANY, before=4500),
    )


def test_newer_and_older_lead_through_the_whole_ledger_and_back(clients, members):
    open_page, _ = clients
    first = f"/members/{members[FEW]}"

    seen = [first]
    while older := _link(open_page(seen[-1]).text, "Older"):
        seen.append(older)
    back = seen[-1]
    steps = 0
    while newer := _link(open_page(back).text, "Newer"):
        back, steps = newer, steps + 1

    assert len(seen) == 10
    assert steps == 9
    assert _points(open_page(back).text) == _points(open_page(first).text)
    assert len({each for page in seen for each in _points(open_page(page).text)}) == 186


def _link(html: str, words: str) -> str | None:
    """Return where the button with these words leads."""
    before, found, _ = " ".join(html.split()).partition(f"> {words} </s-button>")
    return before.rpartition('href="')[2].rstrip('"').replace("&amp;", "&") if found else None


def _points(html: str) -> list[str]:
    """Return the receipts that a page's lines open into: one for each posting."""
    return [part.partition('"')[0] for part in html.split('<turbo-frame id="receipt-')[1:]]
