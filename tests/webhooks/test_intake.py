"""What the intake takes in, and what it refuses: a clear status, a log line, no row."""

import io
import json
import threading
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest

from app.db.session import Database
from tests.fixtures.webhooks import Sender, call, order_payload, sign
from webhooks.group_commit import GroupCommitter, NotCommitted
from webhooks.packing import unpack
from webhooks.routes import BODY_BYTES_MAX


def log_of(caplog):
    return [
        {"event": record.getMessage(), **getattr(record, "fields", {})}
        for record in caplog.records
        if record.name.startswith("webhooks")
    ]


def test_a_signed_webhook_is_on_disk_before_it_is_answered(sender, inbox):
    payload = order_payload(5)

    answer = sender.send("orders/paid", payload, webhook_id="w-1")

    [row] = inbox.rows()
    assert answer.status == 200
    assert answer.body == b""
    assert (row["webhook_id"], row["event_id"]) == ("w-1", "event-of-w-1")
    assert (row["topic"], row["api_version"], row["state"]) == ("orders/paid", "2026-10", 0)
    assert row["triggered_at"] == "2026-01-10T12:00:00.000Z"
    assert json.loads(unpack(row["body"])) == payload


def test_the_events_family_of_headers_is_understood(sender, inbox):
    answer = sender.send(prefix="Shopify-")

    assert answer.status == 200
    assert len(inbox.rows()) == 1


def test_the_same_webhook_twice_is_stored_once_and_answered_200_twice(sender, inbox):
    first = sender.send(webhook_id="twice")
    second = sender.send(webhook_id="twice")

    assert (first.status, second.status) == (200, 200)
    assert len(inbox.rows()) == 1


def test_the_old_secret_is_accepted_while_it_is_rotated(intake, domain, inbox):
    sender = Sender(intake, domain, secret="the-secret-before")

    assert sender.send().status == 200
    assert len(inbox.rows()) == 1


@pytest.mark.parametrize(
    "signature",
    [
        sign(b"something else"),
        sign(json.dumps(order_payload()).encode(), "a-foreign-secret"),
        "",
        "not base64 at all",
        "caf\xe9\xff",
        "\u0e01",
        "A" * 10_000,
    ],
)
def test_a_wrong_signature_is_refused_and_leaves_no_row(sender, inbox, caplog, signature):
    answer = sender.send(Hmac_Sha256=signature)

    assert answer.status == 401
    assert inbox.rows() == []
    [line] = log_of(caplog)
    assert (line["event"], line["status"], line["reason"]) == ("webhook.refused", 401, "signature")


def test_a_missing_signature_is_refused_with_401(sender, inbox):
    assert sender.send(drop=("Hmac_Sha256",)).status == 401
    assert inbox.rows() == []


def test_a_changed_body_is_refused(sender, inbox):
    body = json.dumps(order_payload(total="100.00")).encode()

    answer = sender.send(body=body.replace(b"100.00", b"900.00"), Hmac_Sha256=sign(body))

    assert answer.status == 401
    assert inbox.rows() == []


def test_a_shop_that_did_not_install_the_app_is_refused(sender, caplog):
    answer = sender.send(Shop_Domain="foreign.myshopify.com")

    assert answer.status == 404
    [line] = log_of(caplog)
    assert (line["status"], line["reason"]) == (404, "unknown_shop")


def test_a_shop_is_heard_soon_after_it_installed_the_app(intake, store, monkeypatch):
    monkeypatch.setattr("webhooks.shop_directory.UNKNOWN_S", 0.0)
    sender = Sender(intake, "newcomer.myshopify.com")
    before = sender.send()
    with psycopg.connect(store.database.conninfo(), autocommit=True) as connection:
        connection.execute(
            "update shop set domain = 'newcomer.myshopify.com' where id = %s", (store.shop_id,)
        )

    after = sender.send()

    assert (before.status, after.status) == (404, 200)


@pytest.mark.parametrize("missing", ["Shop_Domain", "Webhook_Id", "Topic"])
def test_a_missing_header_is_refused(sender, inbox, missing):
    assert sender.send(drop=(missing,)).status == 400
    assert inbox.rows() == []


@pytest.mark.parametrize("value", ["x" * 256, "caf\xe9", "a\x00b", "a\nb"])
def test_an_unreadable_header_is_refused(sender, inbox, value):
    assert sender.send(Webhook_Id=value).status == 400
    assert inbox.rows() == []


@pytest.mark.parametrize("chunked", [False, True])
def test_an_oversized_body_is_refused_without_reading_it_whole(intake, inbox, chunked):
    class Counted(io.BytesIO):
        read_bytes = 0

        def read(self, size=-1):
            part = super().read(size)
            self.read_bytes += len(part)
            return part

    stream = Counted(b"x" * (2 * BODY_BYTES_MAX))
    environ = {
        "REQUEST_METHOD": "POST",
        "PATH_INFO": "/webhooks",
        "wsgi.input": stream,
        "HTTP_X_SHOPIFY_HMAC_SHA256": "x",
    }
    if chunked:
        environ["HTTP_TRANSFER_ENCODING"] = "chunked"
    else:
        environ["CONTENT_LENGTH"] = str(2 * BODY_BYTES_MAX)

    answer = call(intake, environ)

    assert answer.status == 413
    assert stream.read_bytes <= BODY_BYTES_MAX + 1
    assert inbox.rows() == []


def test_a_chunked_body_is_read_to_its_end(sender, inbox):
    assert sender.send(chunked=True).status == 200
    assert len(inbox.rows()) == 1


def test_only_post_is_answered(sender):
    answer = sender.send(method="GET")

    assert answer.status == 405
    assert answer.headers["Allow"] == "POST"


def test_malformed_json_and_unknown_topics_are_stored(sender, inbox):
    malformed = sender.send(body=b"{not json")
    unknown = sender.send("moon/rises", {"id": 1})

    assert (malformed.status, unknown.status) == (200, 200)
    assert len(inbox.rows()) == 2


def test_log_lines_carry_no_personal_data(sender, caplog):
    payload = order_payload(email="mali@shop.example")

    sender.send(payload=payload, Hmac_Sha256=sign(b"else"))
    sender.send(payload=payload, Shop_Domain="foreign.myshopify.com")
    sender.send(payload=payload, drop=("Topic",))

    assert len(log_of(caplog)) == 3
    assert "mali" not in repr([record.__dict__ for record in caplog.records])


def test_concurrent_deliveries_with_duplicates_are_each_stored_once(sender, inbox):
    ids = [f"w-{number % 40}" for number in range(120)]

    with ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(lambda id_: sender.send(webhook_id=id_), ids))

    assert {answer.status for answer in answers} == {200}
    assert sorted(row["webhook_id"] for row in inbox.rows()) == sorted(set(ids))


def test_a_database_that_does_not_answer_gives_503_and_later_200(sender, inbox, monkeypatch):
    def refuse(self, role):
        raise psycopg.OperationalError("down")

    with monkeypatch.context() as patch:
        patch.setattr(Database, "connect", refuse)
        down = sender.send(webhook_id="w")
    up = sender.send(webhook_id="w")

    assert (down.status, up.status) == (503, 200)
    assert len(inbox.rows()) == 1


def test_a_commit_that_takes_too_long_gives_up(database, store):
    blocked = threading.Event()

    def hang():
        blocked.wait(5)
        return database.connect("intake")

    committer = GroupCommitter(hang, lambda shop_ids: None, threads=1, wait_s=0.05)

    with pytest.raises(NotCommitted):
        committer.put((store.shop_id, "w", "e", "t", "v", "at", b""))
    blocked.set()
    committer.close()


def test_a_row_that_the_database_refuses_costs_only_itself(database, store, inbox):
    gate = threading.Event()

    def connect():
        gate.wait(5)
        return database.connect("intake")

    committer = GroupCommitter(connect, lambda shop_ids: None, threads=1)
    good = (store.shop_id, "good", "e", "t", "v", "at", b"")
    bad = (-1, "bad", "e", "t", "v", "at", b"")

    with ThreadPoolExecutor(2) as pool:
        first, second = pool.submit(committer.put, good), pool.submit(committer.put, bad)
        gate.set()
        first.result(5)
        with pytest.raises(NotCommitted):
            second.result(5)
    committer.close()

    assert [row["webhook_id"] for row in inbox.rows()] == ["good"]


def test_a_shop_with_news_is_woken_once_for_many_webhooks(sender, jobs, store):
    for _ in range(20):
        sender.send()

    deadline = threading.Event()
    for _ in range(100):
        if jobs.named("drain_inbox"):
            break
        deadline.wait(0.02)
    woken = jobs.named("drain_inbox")

    assert woken[0] == {"shop_id": store.shop_id}
    assert len(woken) < 5
