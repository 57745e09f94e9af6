"""A customer who asks gets everything that is held about them, and nothing of anybody else."""

import json

from app.db.queries.data_requests import open_data_requests
from app.services.delete_customer import delete_customer
from app.services.export_customer import export_customer
from app.services.merge_members import merge_members
from app.services.note_data_request import note_data_given, note_data_request
from app.services.redact_customer import redact_customer
from tests.app.services.test_customers import call, customer, enrol, merge, note
from tests.fixtures.stores import Store


def export(store: Store, member_id: int):
    with store.session() as session:
        return export_customer(
            session,
            shop_id=store.shop_id,
            member_id=member_id,
            decrypt=lambda sealed: f"opened {sealed.decode()}",
            now=store.now,
        )


def ask(store: Store, number: int = 1) -> bool:
    with store.session() as session:
        return note_data_request(session, shop_id=store.shop_id, customer_id=number, now=store.now)


def waiting(store: Store) -> list[int]:
    with store.session() as session:
        return [each.customer_id for each in open_data_requests(session, store.shop_id)]


def test_all_that_is_held_is_told_in_values_that_json_knows(instant_store: Store):
    store = instant_store
    enrol(store, customer(store, 1), customer(store, 2))
    store.take_in(store.order(20_000), store.order(7_000, customer=2))
    store.hold()
    note(store, 1)

    told = json.loads(json.dumps(export(store, store.member_id())))

    assert told["member"]["available"] == 160
    assert told["programme"] == {"name": "Petals Club", "currency": "USD"}
    assert [(each["name"], each["email"]) for each in told["customers"]] == [
        ("opened sealed name", "opened sealed")
    ]
    assert [each["name"] for each in told["orders"]] == ["#1001"]
    earned = {each["source_kind"]: each["points"] for each in told["awards"]}
    assert (earned["sign_up"], earned["order"]) == (50, 200)
    assert [each["code"] for each in told["redemptions"]] == ["opened sealed"]
    assert [each["note"] for each in told["postings"] if each["note"]] == ["opened sealed words"]
    assert sum(each["remaining"] for each in told["lots"]) == 160


def test_what_was_kept_of_a_merged_customer_goes_along(instant_store: Store):
    store = instant_store
    enrol(store, customer(store, 1), customer(store, 2))
    note(store, 2)
    store.take_in(store.order(3_000, customer=2))
    merge(store)

    told = export(store, store.member_id())

    assert [each["customer_id"] for each in told["customers"]] == [1, 2]
    assert [each["note"] for each in told["postings"] if each["note"]] == ["opened sealed words"]
    assert [each["spend_minor"] for each in told["orders"]] == [3_000]


def test_who_was_seen_on_an_order_only_can_ask_as_well(store: Store):
    store.take_in(store.order(3_000))

    assert ask(store) is True
    assert waiting(store) == [1]
    enrol(store, customer(store))
    assert waiting(store) == [1]


def test_a_request_waits_until_staff_took_the_answer_and_a_new_one_waits_again(store: Store):
    enrol(store, customer(store))
    ask(store)
    member_id = store.member_id()

    store.later(hours=1)
    with store.session() as session:
        note_data_given(session, shop_id=store.shop_id, member_id=member_id, now=store.now)
    assert waiting(store) == []
    store.later(days=90)
    ask(store)

    assert waiting(store) == [1]


def test_a_deleted_customer_can_ask_until_they_are_redacted(store: Store):
    enrol(store, customer(store))
    call(store, delete_customer, customer_id=1)

    assert ask(store) is True
    assert waiting(store) == [1]
    call(store, redact_customer, customer_id=1)

    assert waiting(store) == []
    assert ask(store) is False


def test_of_a_stranger_nothing_is_held(store: Store):
    assert ask(store, 404) is False
    assert waiting(store) == []


def test_a_merged_customer_who_asked_is_answered_with_the_whole(instant_store: Store):
    store = instant_store
    enrol(store, customer(store, 1), customer(store, 2))
    ask(store, 2)
    call(store, merge_members, kept_customer_id=1, merged_customer_id=2)

    with store.session() as session:
        [request] = open_data_requests(session, store.shop_id)
    assert request.member_id == store.member_id(1)
