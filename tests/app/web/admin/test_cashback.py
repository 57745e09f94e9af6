"""Cashback is prepared as a draft and a reward; nothing changes until both are switched on."""

from app.clock import utc_now
from app.db.queries.programs import newest_rules
from app.db.queries.rewards import program_rewards
from app.db.queries.rule_drafts import program_drafts
from app.domain.program_rules import rules_from_json
from app.services.publish_rules import publish_rules


def test_the_button_prepares_a_draft_and_a_reward(admin, parts, tenant):
    offered = admin.get("/rewards/new").text
    answer = admin.post("/rewards/cashback")

    with parts.database.tenant(tenant) as session:
        [draft] = program_drafts(session, tenant.program_id)
        live = newest_rules(session, tenant.program_id)
        reward = program_rewards(session, tenant.program_id)[-1]
    assert 'action="/rewards/cashback"' in offered
    assert answer.status_code == 303
    assert f"/programme/drafts/{draft.id}" in answer.headers["Location"]
    assert (draft.rules.points_per_unit, draft.rules.expiry_days) == (3, 90)
    assert live.points_per_unit == 1
    # ฿25 is the unit, so a point is 25 satang.
    assert (reward.type, reward.active, reward.config["amount_minor"]) == ("slider", False, 25)
    assert "90 days after they could be used" in admin.get(answer.headers["Location"]).text


def test_days_are_shown_and_kept_by_the_form(admin, parts, tenant):
    with parts.database.tenant(tenant) as session:
        rules = rules_from_json({"expiry_months": None, "expiry_days": 90, "unit_minor": 2_500})
        publish_rules(
            session,
            program_id=tenant.program_id,
            rules=rules,
            published_by="test",
            now=utc_now(),
        )

    text = admin.get("/programme").text

    assert 'name="expiry_unit"' in text
    assert "Points expire 90 days later." in text
