"""Shopify is told what it does not know yet: members' points and the widget's settings."""

import json

import pytest
from sqlalchemy import select

from app.db.models import Member, Program
from app.db.queries.work_waiting import programs_with_stale_members
from app.flows.push_member_metafields import push_member_metafields
from app.flows.push_widget_settings import push_widget_settings
from app.services.mark_behind import mark_all_behind
from app.services.note_widget_change import note_widget_change
from app.shopify.errors import ShopifyUnavailable
from tests.app.fake_shopify import unavailable

STATE = ("$app", "state")


@pytest.fixture
def push(parts, opened):
    return lambda: push_member_metafields(parts, opened.program_id)


def customer(number):
    return f"gid://shopify/Customer/{number}"


def test_members_points_and_state_are_pushed_once(push, buyer, fake):
    assert push() == 1
    assert push() == 0

    state = json.loads(fake.metafields[customer(7), *STATE])
    assert fake.metafields[customer(7), "$app", "points"] == "1000"
    assert state["tier"] == {
        "name": "Bronze",
        "next": "Silver",
        "percent": 0,
        "measure": "spend",
        "amount": 0,
        "missing": 750_000,
        "kept_until": None,
        "keep_missing": 0,
        "keep_from": None,
    }
    assert (state["pending"], state["owed"]) == (0, 0)
    assert state["next_expiry"]["points"] == 1_000
    assert set(state) == {"pending", "owed", "tier", "next_expiry", "reckoned_at"}


def test_many_members_go_twelve_a_call(push, enrol, fake):
    for number in range(100, 130):
        enrol(number, 1)

    assert push() == 30

    assert fake.asked.count("set_metafields") == 3
    assert fake.metafields[customer(129), "$app", "points"] == "1"


def test_customer_who_is_gone_does_not_hold_up_the_others(push, enrol, fake):
    for number in range(100, 112):
        enrol(number, 1)
    fake.gone_customers.add(105)

    assert push() == 12

    assert len([key for key in fake.metafields if key[1:] == STATE]) == 11
    assert push() == 0


def test_everybody_is_pushed_anew_when_what_all_see_changed(
    parts, opened, tenant, push, enrol, fake, monkeypatch
):
    monkeypatch.setattr("app.flows.push_member_metafields.MARKED_AT_A_TIME", 20)
    for number in range(100, 130):
        enrol(number, 1)
    assert push() == 30
    with parts.database.tenant(tenant) as session:
        mark_all_behind(session, opened.program_id)
    with parts.database.sweep() as session:
        assert programs_with_stale_members(session) == [opened.program_id]
    fake.metafields.clear()

    assert push() == 30

    assert len([key for key in fake.metafields if key[1:] == STATE]) == 30
    assert push() == 0
    with parts.database.sweep() as session:
        assert programs_with_stale_members(session) == []


def test_members_stay_behind_while_shopify_is_away(parts, tenant, push, buyer, fake):
    fake.fail("set_metafields", before=unavailable(maybe_done=True))

    with pytest.raises(ShopifyUnavailable):
        push()

    with parts.database.tenant(tenant) as session:
        assert session.scalar(select(Member.pushed_version)) == 0
    assert push() == 1


def test_widget_settings_carry_words_in_every_language(parts, opened, tenant, fake):
    push_widget_settings(parts, opened.program_id)

    settings = json.loads(fake.metafields["gid://shopify/AppInstallation/1", "widget", "settings"])
    assert settings["colour"] == "#1f5f4a"
    assert settings["on_colour"] == "#ffffff"
    assert settings["currency"] == "THB"
    assert settings["points_name"]["en"] == {"one": "point", "other": "points"}
    assert settings["points_name"]["th"] == {"one": "คะแนน", "other": "คะแนน"}
    assert settings["signed_out"]["en"]["headline"] == "Every ฿25 earns a point"
    assert settings["signed_out"]["en"]["sub"] == "Join and start with 50 points"
    assert len(settings["signed_out"]["th"]["steps"]) == 3
    checkout = json.loads(fake.metafields["gid://shopify/Shop/1", "$app", "checkout"])
    assert checkout == {"api_url": "https://app.example"}
    with parts.database.tenant(tenant) as session:
        program = session.get_one(Program, opened.program_id)
        assert program.widget_pushed_version == program.widget_version


def test_changed_rewards_leave_the_storefront_behind_until_it_is_told(parts, opened, tenant):
    push_widget_settings(parts, opened.program_id)
    with parts.database.tenant(tenant) as session:
        note_widget_change(session, program_id=opened.program_id)

    def behind():
        with parts.database.tenant(tenant) as session:
            program = session.get_one(Program, opened.program_id)
            return program.widget_version - program.widget_pushed_version

    assert behind() == 1
    push_widget_settings(parts, opened.program_id)
    assert behind() == 0
