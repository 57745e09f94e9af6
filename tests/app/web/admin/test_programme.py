"""Merchants change the rules in a form that says what they do and loses nothing."""

import pytest
from sqlalchemy import select

from app.db.models import RuleVersion, Tier
from app.db.queries.programs import get_program, newest_rules

FORM = {
    "name": "Petals Club",
    "points_one": "petal",
    "points_other": "petals",
    "points_th": "กลีบ",
    "points_per_unit": "2",
    "unit_minor": "25.50",
    "sign_up_points": "100",
    "earn_on": "paid",
    "rounding": "down",
    "include_tax": "1",
    "pending_days": "0",
    "expiry_months": "",
    "debt_policy": "owe",
    "return_policy": "proportional",
    "tiers-0-tier_id": "",
    "tiers-0-tier_name": "Seed",
    "tiers-0-threshold_minor": "0",
    "tiers-0-multiplier": "1",
    "tiers-4-tier_id": "",
    "tiers-4-tier_name": "Bloom",
    "tiers-4-threshold_minor": "5,000",
    "tiers-4-multiplier": "1.5",
}


def test_the_page_shows_the_rules_in_force(admin):
    text = admin.get("/programme").text

    assert 'name="unit_minor"' in text
    assert 'value="25"' in text
    assert "Bronze, from ฿0 a year: a ฿1,200 order earns 48 points." in text


def test_saving_publishes_a_rule_version_and_the_tiers(admin, parts, tenant):
    answer = admin.post("/programme", data=FORM)

    assert (answer.status_code, answer.location) == (303, "/programme?done=saved")
    with parts.database.tenant(tenant) as session:
        rules = newest_rules(session, tenant.program_id)
        program = get_program(session, tenant.program_id)
        tiers = session.execute(
            select(Tier.name, Tier.threshold_minor, Tier.multiplier_bp).order_by(
                Tier.threshold_minor
            )
        ).all()
    assert (rules.points_per_unit, rules.unit_minor) == (2, 2_550)
    assert (rules.include_tax, rules.include_shipping) == (True, False)
    assert (rules.pending_days, rules.expiry_months) == (0, None)
    assert program.points_name == {
        "en": {"one": "petal", "other": "petals"},
        "th": {"other": "กลีบ"},
    }
    assert tiers == [("Seed", 0, 10_000), ("Bloom", 500_000, 15_000)]


def test_saving_tells_the_storefront(admin, recorded_jobs, tenant):
    admin.post("/programme", data=FORM)

    assert ("push_widget_settings", {"program_id": tenant.program_id}) in recorded_jobs.enqueued


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        ("unit_minor", "a lot", "Enter an amount, such as 25 or 25.50."),
        ("unit_minor", "0", "Enter an amount above 0."),
        ("unit_minor", "1.234", "Enter an amount with at most 2 decimals."),
        ("pending_days", "91", "Choose 0 to 90 days."),
        ("points_per_unit", "1.5", "Enter a whole number, such as 100."),
        ("earn_on", "whenever", "Choose one of the options."),
        ("tiers-4-tier_name", "seed", None),
        ("tiers-4-tier_name", "Seed", "Two tiers cannot have the same name."),
        ("tiers-4-threshold_minor", "0", "Two tiers cannot start at the same spend."),
        ("tiers-0-threshold_minor", "10", "One tier has to start at 0."),
        ("tiers-4-multiplier", "11", "Choose a number from 1 to 10."),
    ],
)
def test_what_cannot_be_saved_is_said_next_to_its_field(
    admin, parts, tenant, field, typed, sentence
):
    answer = admin.post("/programme", data={**FORM, field: typed})

    if sentence is None:
        assert answer.status_code == 303
        return
    assert answer.status_code == 422
    assert f'error="{sentence}"' in answer.text
    assert f'value="{typed}"' in answer.text or field == "earn_on"
    with parts.database.tenant(tenant) as session:
        assert len(session.scalars(select(RuleVersion.id)).all()) == 1


def test_the_preview_reckons_the_typed_rules_and_saves_nothing(admin, parts, tenant):
    answer = admin.post("/programme/preview", data=FORM)

    assert "Bloom, from ฿5,000 a year: a ฿1,200 order earns 141 petals." in answer.text
    with parts.database.tenant(tenant) as session:
        assert newest_rules(session, tenant.program_id).points_per_unit == 1
