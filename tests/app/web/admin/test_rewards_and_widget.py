"""Merchants choose what points buy and how the widget looks."""

import pytest

from app.db.queries.programs import get_program
from app.db.queries.rewards import program_rewards


def offered(parts, tenant):
    with parts.database.tenant(tenant) as session:
        return [
            (row.type, row.points, row.config, row.active)
            for row in program_rewards(session, tenant.program_id)
        ]


def test_three_rewards_are_there_from_the_start(admin):
    text = admin.get("/rewards").text

    assert [words in text for words in ("฿125 off", "Free shipping", "10% off")] == [True] * 3


def test_a_reward_is_added_with_what_was_typed(admin, parts, tenant):
    form = {"amount_minor": "50", "minimum_subtotal_minor": "300", "points": "40", "active": "1"}

    answer = admin.post("/rewards/new/amount_off", data=form)

    assert answer.location == "/rewards?done=saved"
    config = {"amount_minor": 5_000, "minimum_subtotal_minor": 30_000}
    assert ("amount_off", 40, config, True) in offered(parts, tenant)


@pytest.mark.parametrize(
    ("type_name", "form", "sentence"),
    [
        ("amount_off", {"amount_minor": "", "points": "40"}, "Enter a value."),
        ("amount_off", {"amount_minor": "0", "points": "40"}, "Enter more than 0."),
        ("percentage_off", {"percentage_bp": "120", "points": "40"}, "Choose a percentage"),
        ("free_shipping", {"points": "0"}, "Enter a number from 1 to"),
    ],
)
def test_a_reward_that_cannot_be_offered_says_why(admin, parts, tenant, type_name, form, sentence):
    before = offered(parts, tenant)

    answer = admin.post(f"/rewards/new/{type_name}", data=form)

    assert answer.status_code == 422
    assert sentence in answer.text
    assert offered(parts, tenant) == before


def test_an_unknown_type_of_reward_is_not_found(admin):
    assert admin.get("/rewards/new/pony").status_code == 404


def test_a_removed_reward_is_gone_from_the_list(admin, parts, tenant):
    with parts.database.tenant(tenant) as session:
        reward_id = program_rewards(session, tenant.program_id)[0].id

    answer = admin.post(f"/rewards/{reward_id}/remove")

    assert answer.location == f"/rewards?removed={reward_id}"
    assert len(offered(parts, tenant)) == 2
    assert admin.get(f"/rewards/{reward_id}").status_code == 404


def test_the_preview_of_a_reward_reads_as_shoppers_will(admin):
    form = {"percentage_bp": "12.5", "minimum_subtotal_minor": "300", "points": "40"}

    text = admin.post("/rewards/preview/percentage_off", data=form).text

    assert "12.5% off" in text
    assert "40 points · orders over ฿300" in text


def test_the_widgets_looks_are_saved_and_pushed(admin, parts, tenant, recorded_jobs):
    form = {"colour": "#aa3355", "icon": "🍵", "corner": "left"}

    answer = admin.post("/widget", data=form)

    assert answer.location == "/widget?done=saved"
    with parts.database.tenant(tenant) as session:
        assert form.items() <= get_program(session, tenant.program_id).appearance.items()
    assert ("push_widget_settings", {"program_id": tenant.program_id}) in recorded_jobs.enqueued


def test_a_colour_that_is_none_is_refused(admin):
    form = {"colour": "red", "icon": "🍵", "corner": "left"}

    answer = admin.post("/widget", data=form)

    assert answer.status_code == 422
    assert "Enter a colour such as #1f5f4a." in answer.text


def test_the_home_page_counts_and_guides(admin, member_id):
    text = admin.get("/").text

    assert "Points outstanding" in text
    assert "48 pending" in text
    assert "Show the widget in your theme" in text


def test_a_figure_leads_to_the_postings_it_is_made_of(admin, member_id):
    text = admin.get("/postings/issued").text

    assert "Order #1043" in text
    assert f'href="/members/{member_id}"' in text
    assert "Nothing has moved yet" in admin.get("/postings/redeemed").text
    assert admin.get("/postings/available").status_code == 404
