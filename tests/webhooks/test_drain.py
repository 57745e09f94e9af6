"""How the inbox is emptied: batches, failures, reasons, and what stands in the ledger after."""

import psycopg
import pytest

from app.services.award_orders import award_orders
from app.services.rerun_event import rerun_event
from tests.fixtures.webhooks import NOW, customer_payload, order_payload

HANDLED, ASIDE, FAILED, WAITING = 1, 2, 3, 0


def test_an_order_in_the_inbox_becomes_points(sender, drain, store, inbox):
    sender.send("orders/paid", order_payload(1, total="120.50"))

    handled = drain()

    assert handled == 1
    assert inbox.states() == [(HANDLED, None)]
    assert store.balances() == (120, 0, 0)


def test_the_same_order_told_five_times_earns_once(sender, drain, store):
    for topic in ("orders/create", "orders/paid", "orders/updated", "orders/updated"):
        sender.send(topic, order_payload(1))
    drain()
    sender.send("orders/updated", order_payload(1))

    drain()

    assert store.balances() == (100, 0, 0)


def test_a_refund_that_comes_before_its_order_counts(sender, drain, store):
    refund = {
        "id": 9,
        "order_id": 1,
        "created_at": NOW.isoformat(),
        "refund_line_items": [{"line_item_id": 1, "quantity": 1}],
        "order_adjustments": [],
    }
    sender.send("refunds/create", refund)
    drain()
    sender.send("orders/paid", order_payload(1))

    drain()

    assert store.balances() == (0, 0, 0)


def test_a_refunded_amount_takes_its_share(sender, drain, store):
    refund = {
        "id": 9,
        "order_id": 1,
        "created_at": NOW.isoformat(),
        "refund_line_items": [],
        "order_adjustments": [
            {
                "kind": "refund_discrepancy",
                "amount": "-25.00",
                "tax_amount": "0.00",
                "amount_set": {"shop_money": {"amount": "-25.00", "currency_code": "USD"}},
            }
        ],
    }
    sender.send("orders/paid", order_payload(1))
    sender.send("refunds/create", refund)

    drain()

    assert store.balances() == (75, 0, 0)


@pytest.mark.parametrize(
    ("topic", "body", "reason"),
    [
        ("orders/paid", b"{not json", "malformed_json"),
        ("orders/paid", b"[1, 2]", "malformed_json"),
        ("orders/paid", b"", "malformed_json"),
        ("moon/rises", b"{}", "unknown_topic"),
    ],
)
def test_what_cannot_be_read_is_set_aside_with_its_reason(
    sender, drain, inbox, topic, body, reason
):
    sender.send(topic, body=body)

    drain()

    assert inbox.states() == [(ASIDE, reason)]


def test_a_test_order_is_set_aside_and_posts_nothing(sender, drain, store, inbox):
    sender.send("orders/paid", order_payload(1, test=True))

    drain()

    assert inbox.states() == [(ASIDE, "test_order")]
    with store.session() as session:
        assert session.connection().exec_driver_sql("select count(*) from posting").scalar() == 0


def test_a_data_request_of_a_stranger_needs_no_answer(sender, drain, inbox):
    sender.send("customers/data_request", {"customer": {"id": 1}})

    drain()

    assert inbox.states() == [(ASIDE, "nothing_held")]


def test_an_event_that_fails_does_not_hold_up_the_others(sender, drain, store, inbox):
    for number in range(1, 8):
        payload = order_payload(number, total="10.00")
        if number == 4:
            del payload["line_items"]
        sender.send("orders/paid", payload)

    drain()

    assert [state for state, _ in inbox.states()] == [1, 1, 1, WAITING, 1, 1, 1]
    assert store.balances() == (60, 0, 0)
    failed = inbox.rows()[3]
    assert (failed["attempts"], failed["reason"]) == (1, "KeyError")
    assert failed["next_attempt_at"] is not None


def test_an_event_that_the_service_refuses_is_found_by_halving(
    sender, drain, store, inbox, monkeypatch
):
    def refuse_order_5(session, *, snapshots, **rest):
        if any(snapshot.order_id == 5 for snapshot in snapshots):
            raise ValueError(5)
        return award_orders(session, snapshots=snapshots, **rest)

    monkeypatch.setattr("webhooks.process.award_orders", refuse_order_5)
    for number in range(1, 10):
        sender.send("orders/paid", order_payload(number, total="10.00"))

    drain()

    assert [state for state, _ in inbox.states()] == [1, 1, 1, 1, WAITING, 1, 1, 1, 1]
    assert store.balances() == (80, 0, 0)


def test_a_failing_event_is_tried_six_times_then_shown_and_can_be_run_again(
    sender, drain, store, inbox, monkeypatch
):
    def refuse(session, **rest):
        raise ValueError

    sender.send("orders/paid", order_payload(1))
    with monkeypatch.context() as patch:
        patch.setattr("webhooks.process.award_orders", refuse)
        for _ in range(6):
            inbox.make_due()
            drain()
    [row] = inbox.rows()
    assert (row["state"], row["attempts"], row["reason"]) == (FAILED, 6, "ValueError")

    with store.session() as session:
        again = rerun_event(session, shop_id=store.shop_id, event_id=row["id"])
        twice = rerun_event(session, shop_id=store.shop_id, event_id=row["id"])
    drain()

    assert (again, twice) == (True, False)
    assert inbox.states() == [(HANDLED, None)]
    assert store.balances() == (100, 0, 0)


def test_an_event_that_waits_for_its_next_try_is_left_alone(sender, drain, inbox, monkeypatch):
    def refuse(session, **rest):
        raise ValueError

    sender.send("orders/paid", order_payload(1))
    monkeypatch.setattr("webhooks.process.award_orders", refuse)
    drain()

    handled = drain()

    assert handled == 0
    assert inbox.rows()[0]["attempts"] == 1


def test_a_lost_connection_fails_the_batch_and_not_its_events(
    sender, drain, store, inbox, monkeypatch
):
    def lose(session, **rest):
        connection = session.connection()
        pid = connection.exec_driver_sql("select pg_backend_pid()").scalar()
        with psycopg.connect(store.database.conninfo()) as owner:
            owner.execute("select pg_terminate_backend(%s, 1000)", (pid,))
        connection.exec_driver_sql("select 1")

    sender.send("orders/paid", order_payload(1))
    with monkeypatch.context() as patch:
        patch.setattr("webhooks.process.award_orders", lose)
        with pytest.raises(Exception, match="terminat"):
            drain()
    untouched = inbox.rows()[0]

    drain()

    assert (untouched["state"], untouched["attempts"]) == (WAITING, 0)
    assert inbox.states() == [(HANDLED, None)]


def test_an_edited_order_is_to_be_fetched(sender, drain, jobs, store, inbox):
    sender.send("orders/edited", {"order_edit": {"id": 3, "order_id": 41}})

    drain()

    assert jobs.named("refetch_orders") == [{"shop_id": store.shop_id, "order_ids": [41]}]
    assert inbox.states() == [(HANDLED, None)]


def test_customers_are_kept_without_readable_personal_data(sender, drain, store, parts):
    sender.send("customers/create", customer_payload(1))

    drain()

    with psycopg.connect(store.database.conninfo()) as connection:
        [(name, email)] = connection.execute(
            "select name, email from customer where shop_id = %s", (store.shop_id,)
        ).fetchall()
    assert b"Mali" not in name
    assert b"shop.example" not in email


def test_merged_customers_keep_all_their_points(sender, drain, store):
    sender.send("orders/paid", order_payload(1, customer=1))
    sender.send("orders/paid", order_payload(2, customer=2))
    sender.send(
        "customers/merge",
        {
            "admin_graphql_api_customer_kept_id": "gid://shopify/Customer/1",
            "admin_graphql_api_customer_deleted_id": "gid://shopify/Customer/2",
        },
    )
    sender.send("orders/paid", order_payload(3, customer=2))

    drain()

    assert store.balances(1)[0] == 300


def test_an_uninstall_pauses_the_shop_and_forgets_its_tokens(sender, drain, store, inbox):
    sender.send("app/uninstalled", {"id": 1}, triggered_at="2026-02-01T00:00:00Z")

    drain()

    with psycopg.connect(store.database.conninfo()) as connection:
        row = connection.execute(
            "select uninstalled_at is not null, access_token, refresh_token from shop where id = %s",
            (store.shop_id,),
        ).fetchone()
    assert row == (True, None, None)
    assert inbox.states() == [(HANDLED, None)]


def test_an_uninstall_from_before_the_last_install_is_ignored(sender, drain, store, inbox):
    sender.send("app/uninstalled", {"id": 1}, triggered_at="2025-12-31T00:00:00Z")

    drain()

    with psycopg.connect(store.database.conninfo()) as connection:
        row = connection.execute(
            "select uninstalled_at from shop where id = %s", (store.shop_id,)
        ).fetchone()
    assert row == (None,)
    assert inbox.states() == [(ASIDE, "installed_again_since")]


def test_a_shop_that_is_installed_is_not_redacted(sender, drain, inbox):
    sender.send("shop/redact", {"shop_id": 1})

    drain()

    assert inbox.states() == [(ASIDE, "installed_again_since")]


def test_scopes_and_facts_of_the_shop_are_kept(sender, drain, store):
    sender.send(
        "app/scopes_update", {"previous": [], "current": ["write_discounts", "read_orders"]}
    )
    sender.send("shop/update", {"name": "Baan Cha 2", "primary_locale": "th", "plan_name": "basic"})

    drain()

    with psycopg.connect(store.database.conninfo()) as connection:
        row = connection.execute(
            "select scopes, name, primary_locale, is_plus from shop where id = %s",
            (store.shop_id,),
        ).fetchone()
    assert row == ("read_orders,write_discounts", "Baan Cha 2", "th", False)


def test_more_than_a_batch_is_drained_in_one_go(sender, drain, store, monkeypatch):
    monkeypatch.setattr("webhooks.drain.BATCH_EVENTS", 3)
    for number in range(1, 11):
        sender.send("orders/paid", order_payload(number, total="1.00"))

    handled = drain()

    assert handled == 10
    assert store.balances() == (10, 0, 0)


def test_what_a_drain_has_no_time_for_is_enqueued(sender, drain, jobs, monkeypatch, store):
    monkeypatch.setattr("webhooks.drain.RUN_S", 0.0)
    sender.send("orders/paid", order_payload(1))

    drain()

    assert {"shop_id": store.shop_id} in jobs.named("drain_inbox")
