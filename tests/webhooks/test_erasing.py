"""What the inbox tells of a redacted customer is erased."""

import pytest
from sqlalchemy import select, text

from app.clock import utc_now
from app.db.models import WebhookEvent
from app.services.redact_customer import redact_customer
from tests.fixtures.stores import LEDGER_KEY
from webhooks.erasing import REDACTED, Erasure

ANNA, BELA = 7_000_001, 7_000_002


@pytest.fixture
def erase(parts, store):
    erasure = Erasure(parts)
    return lambda: erasure(store.shop_id)


def redact(store, customer_id):
    with store.session() as session:
        redact_customer(
            session,
            shop_id=store.shop_id,
            program_id=store.program_id,
            customer_id=customer_id,
            now=utc_now(),
            ledger_key=LEDGER_KEY,
        )


def customer(customer_id):
    told = {"first_name": "Anna", "email": "anna@example.com"}
    moments = {"created_at": "2026-01-09T09:00:00Z", "updated_at": "2026-01-09T09:00:00Z"}
    return {"id": customer_id} | told | moments


def bodies(store):
    """Return what is left of each event: (topic, state, whether it has a body, reason)."""
    query = select(
        WebhookEvent.topic, WebhookEvent.state, WebhookEvent.body != b"", WebhookEvent.reason
    ).order_by(WebhookEvent.id)
    with store.session() as session:
        return [tuple(row) for row in session.execute(query)]


def test_handled_bodies_of_the_customer_go_and_those_of_others_stay(sender, drain, store, erase):
    sender.send("customers/create", customer(ANNA))
    sender.send("customers/create", customer(BELA))
    drain()
    redact(store, ANNA)

    assert [erase(), erase()] == [1, 0]

    assert [kept for _, _, kept, _ in bodies(store)] == [False, True]


def test_what_failed_for_good_is_set_aside_and_what_waits_is_left(sender, store, erase):
    sender.send("customers/update", customer(ANNA))
    sender.send("customers/update", customer(ANNA))
    with store.session() as session:
        session.execute(
            text(
                "update webhook_event set state = 3 where id = (select min(id) from webhook_event)"
            )
        )
    redact(store, ANNA)

    assert erase() == 1

    assert bodies(store) == [
        ("customers/update", 2, False, REDACTED),
        ("customers/update", 0, True, None),
    ]


def test_where_nobody_was_redacted_nothing_is_read(sender, drain, store, erase):
    sender.send("customers/create", customer(ANNA))
    drain()

    assert erase() == 0
    assert bodies(store)[0][2] is True
