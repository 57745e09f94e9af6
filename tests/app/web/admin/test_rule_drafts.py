"""Merchants try rules out as a draft, see who gains and who loses, then publish or discard."""

import re

import pytest
from sqlalchemy import select

from app.clock import utc_now
from app.db.models import RuleComparison, RuleVersion
from app.db.queries.programs import newest_rules
from app.db.queries.rule_drafts import get_draft, program_drafts
from app.services.compare_rules import compare_rules
from app.services.fail_rule_comparison import fail_rule_comparison

LIVE = {
    "name": "Baan Cha",
    "points_one": "point",
    "points_other": "points",
    "points_th": "คะแนน",
    "points_per_unit": "1",
    "unit_minor": "25",
    "sign_up_points": "50",
    "earn_on": "paid",
    "rounding": "down",
    "guests": "earn",
    "pending_days": "14",
    "expiry": "lot",
    "expiry_months": "12",
    "warning_days": "30, 7",
    "debt_policy": "owe",
    "return_policy": "proportional",
    "lapse_policy": "return",
    "code_days": "30",
}


@pytest.fixture
def live(admin):
    """The form of the programme as it is: what the page would send unchanged."""
    text = admin.get("/programme").text
    form = dict(LIVE)
    for name in ("name", "points_one", "points_other", "points_th"):
        form[name] = _value(text, name)
    return form


def _value(text, name):
    tag = next(tag for tag in text.split("<") if f'name="{name}"' in tag)
    return re.search(r'value="([^"]*)"', tag)[1]


@pytest.fixture
def draft_id(admin, live):
    """A draft that doubles the points."""
    answer = admin.post("/programme/drafts", data=live | {"points_per_unit": "2"})
    assert answer.status_code == 303
    return int(re.search(r"/programme/drafts/(\d+)\?done=drafted", answer.location)[1])


def run(parts, tenant):
    """Do what the worker does."""
    with parts.database.tenant(tenant) as session:
        comparison_id = session.scalars(select(RuleComparison.id)).one()
        assert not compare_rules(session, comparison_id=comparison_id, now=utc_now())


def compare(admin, draft_id, **days):
    period = {"first": "2020-01-01", "last": "2100-01-01"} | days
    return admin.post(f"/programme/drafts/{draft_id}/compare", data=period)


def versions(parts, tenant):
    with parts.database.tenant(tenant) as session:
        return len(session.scalars(select(RuleVersion.id)).all())


def test_a_draft_keeps_the_rules_and_leaves_the_live_ones(admin, parts, tenant, draft_id):
    text = admin.get(f"/programme/drafts/{draft_id}").text

    assert "1 point for every ฿25" in text
    assert "2 points for every ฿25" in text
    assert versions(parts, tenant) == 1
    assert f'href="/programme/drafts/{draft_id}"' in admin.get("/programme").text


def test_only_what_differs_is_listed(admin, draft_id):
    text = admin.get(f"/programme/drafts/{draft_id}").text

    assert text.count("<s-table-row>") == 1


def test_names_are_not_lost_in_a_draft(admin, parts, tenant, live):
    answer = admin.post("/programme/drafts", data=live | {"points_other": "petals"})

    assert answer.status_code == 422
    assert "A draft keeps rules only." in answer.text
    with parts.database.tenant(tenant) as session:
        assert program_drafts(session, tenant.program_id) == []


def test_a_draft_that_cannot_be_read_says_why(admin, live):
    answer = admin.post("/programme/drafts", data=live | {"pending_days": "91"})

    assert answer.status_code == 422
    assert 'error="Choose 0 to 90 days."' in answer.text


def test_a_draft_is_edited(admin, parts, tenant, live, draft_id):
    page = admin.get(f"/programme/drafts/{draft_id}/edit").text
    assert _value(page, "points_per_unit") == "2"

    answer = admin.post(
        f"/programme/drafts/{draft_id}/edit",
        data=live | {"draft_name": "Summer", "points_per_unit": "3"},
    )

    assert answer.location == f"/programme/drafts/{draft_id}?done=drafted"
    with parts.database.tenant(tenant) as session:
        draft = get_draft(session, draft_id)
    assert (draft.name, draft.rules.points_per_unit, draft.revision) == ("Summer", 3, 2)


def test_what_is_wrong_with_an_edited_draft_is_said_and_nothing_lost(admin, live, draft_id):
    answer = admin.post(
        f"/programme/drafts/{draft_id}/edit",
        data=live | {"draft_name": "", "excluded_product_tags": ["sale"]},
    )

    assert answer.status_code == 422
    assert 'error="Give the draft a name."' in answer.text
    assert 'name="excluded_product_tags" value="sale"' in answer.text


def test_the_effect_of_a_draft_is_shown_while_it_is_typed(admin, live, draft_id):
    answer = admin.post(
        "/programme/drafts/preview", data=live | {"draft_name": "x", "points_per_unit": "4"}
    )

    assert "Bronze: a ฿1,200 order earns 192 points" in answer.text


def test_a_comparison_is_asked_for_and_its_progress_shown(
    admin, parts, tenant, member_id, draft_id, recorded_jobs
):
    answer = compare(admin, draft_id)

    assert answer.location == f"/programme/drafts/{draft_id}"
    name, args = recorded_jobs.enqueued[-1]
    assert (name, args["program_id"], args["shop_id"]) == (
        "compare_rules",
        tenant.program_id,
        tenant.shop_id,
    )
    text = admin.get(f"/programme/drafts/{draft_id}").text
    assert "data-poll" in text
    assert "0 of 1 orders" in text


def test_a_comparison_says_what_it_would_have_cost_and_whom(
    admin, parts, tenant, member_id, draft_id
):
    compare(admin, draft_id)
    run(parts, tenant)

    text = admin.get(f"/programme/drafts/{draft_id}").text

    # 48 points by the live rules, 96 by the draft; 100 points take ฿125 off.
    assert re.findall(r'class="number">\s*([^<]*?)\s*<', text)[:4] == ["48", "96", "+48", "1"]
    assert "worth ฿60" in text
    assert "Customer 7001" in text
    assert "1 order from 1 Jan 2020 to 1 Jan 2100" in text
    assert "data-poll" not in text


def test_a_draft_that_changes_what_becomes_of_points_says_that_the_figures_do_not_show_it(
    admin, parts, tenant, live, member_id, draft_id
):
    apart = "These figures are of points earned"
    compare(admin, draft_id)
    run(parts, tenant)
    assert apart not in admin.get(f"/programme/drafts/{draft_id}").text

    admin.post(
        f"/programme/drafts/{draft_id}/edit",
        data=live | {"draft_name": "Slower", "pending_days": "30"},
    )
    compare(admin, draft_id)
    run(parts, tenant)

    text = admin.get(f"/programme/drafts/{draft_id}").text
    assert apart in text
    assert "Nobody gains or loses" in text


def test_figures_of_other_rules_are_marked(admin, parts, tenant, live, member_id, draft_id):
    compare(admin, draft_id)
    run(parts, tenant)
    assert "The rules have changed since" not in admin.get(f"/programme/drafts/{draft_id}").text

    admin.post(
        f"/programme/drafts/{draft_id}/edit",
        data=live | {"draft_name": "x", "points_per_unit": "3"},
    )

    assert "The rules have changed since" in admin.get(f"/programme/drafts/{draft_id}").text


def test_a_comparison_that_failed_says_so(admin, parts, tenant, member_id, draft_id):
    compare(admin, draft_id)
    with parts.database.tenant(tenant) as session:
        comparison_id = session.scalars(select(RuleComparison.id)).one()
        fail_rule_comparison(session, comparison_id=comparison_id)

    text = admin.get(f"/programme/drafts/{draft_id}").text

    assert "The orders could not be compared" in text


@pytest.mark.parametrize(
    ("days", "sentence"),
    [
        ({"first": ""}, "Choose the first day."),
        ({"last": "tomorrow"}, "Enter a day, such as 2026-11-22."),
        ({"first": "2026-02-02", "last": "2026-02-01"}, "The last day is before the first."),
    ],
)
def test_a_period_that_cannot_be_read_says_why(admin, draft_id, days, sentence):
    answer = compare(admin, draft_id, **days)

    assert answer.status_code == 422
    assert f'error="{sentence}"' in answer.text


def test_publishing_puts_the_draft_in_force_and_tells_the_storefront(
    admin, parts, tenant, draft_id, recorded_jobs
):
    answer = admin.post(f"/programme/drafts/{draft_id}/publish", data={"revision": "1"})

    assert answer.location == "/programme?done=published"
    with parts.database.tenant(tenant) as session:
        assert newest_rules(session, tenant.program_id).points_per_unit == 2
    assert ("push_widget_settings", {"program_id": tenant.program_id}) in recorded_jobs.enqueued
    assert admin.get(f"/programme/drafts/{draft_id}").status_code == 404


def test_a_draft_that_was_changed_meanwhile_is_not_published(admin, parts, tenant, live, draft_id):
    admin.post(
        f"/programme/drafts/{draft_id}/edit",
        data=live | {"draft_name": "x", "points_per_unit": "9"},
    )

    answer = admin.post(f"/programme/drafts/{draft_id}/publish", data={"revision": "1"})

    assert answer.location == f"/programme/drafts/{draft_id}?done=changed_since"
    assert versions(parts, tenant) == 1


def test_a_discarded_draft_is_gone(admin, parts, tenant, draft_id):
    answer = admin.post(f"/programme/drafts/{draft_id}/discard")

    assert answer.location == "/programme?done=discarded"
    assert admin.get(f"/programme/drafts/{draft_id}").status_code == 404
    assert versions(parts, tenant) == 1


def test_drafts_of_another_shop_are_not_found(admin, draft_id, sign_id_token):
    token = sign_id_token(shop="soap.myshopify.com")
    other = {"Authorization": f"Bearer {token}"}
    assert admin.get("/programme", headers=other).status_code == 200

    for path in ("", "/edit"):
        assert admin.get(f"/programme/drafts/{draft_id}{path}", headers=other).status_code == 404
    publish = admin.post(
        f"/programme/drafts/{draft_id}/publish", data={"revision": "1"}, headers=other
    )
    assert publish.status_code == 404
