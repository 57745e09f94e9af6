"""Merchants change the rules in a form that says what they do and loses nothing."""

import re

import pytest
from sqlalchemy import select

from app.db.models import RuleVersion
from app.db.queries.programs import get_program, newest_rules
from app.domain.program_rules import ProgramRules

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
    "guests": "earn",
    "expiry": "never",
    "expiry_months": "",
    "warning_days": "30, 7",
    "debt_policy": "owe",
    "return_policy": "proportional",
    "lapse_policy": "return",
    "code_days": "30",
}


EXCLUSIONS = {
    "excluded_product_ids": ["31:Jasmine tea", "32:Oolong: spring"],
    "excluded_collection_ids": ["7:Gifts"],
    "excluded_product_tags": ["Sale", " sale ", "out  let"],
    "excluded_customer_tags": ["staff"],
    "excluded_discount_codes": ["FRIENDS"],
}


def _element(text, name):
    """Return the start tag of the field called `name`."""
    return next(tag for tag in text.split("<") if f'{name}"' in tag and "error=" in tag)


def test_the_page_shows_the_rules_in_force(admin):
    text = admin.get("/programme").text

    assert 'name="unit_minor"' in text
    assert 'value="25"' in text
    assert "Bronze: a ฿1,200 order earns 48 points, worth ฿60." in text


def test_saving_publishes_a_rule_version_and_names(admin, parts, tenant):
    answer = admin.post("/programme", data=FORM)

    assert (answer.status_code, answer.location) == (303, "/programme?done=saved")
    with parts.database.tenant(tenant) as session:
        rules = newest_rules(session, tenant.program_id)
        program = get_program(session, tenant.program_id)
    assert (rules.points_per_unit, rules.unit_minor) == (2, 2_550)
    assert (rules.include_tax, rules.include_shipping) == (True, False)
    assert (rules.pending_days, rules.expiry_months) == (0, None)
    assert program.points_name == {
        "en": {"one": "petal", "other": "petals"},
        "th": {"other": "กลีบ"},
    }


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
        ("guests", "sometimes", "Choose one of the options."),
        ("expiry", "lot", "Enter how many months, or choose that points never expire."),
        ("expiry_months", "0", "Choose 1 to 120 months."),
        ("warning_days", "soon", "Enter days with commas between them, such as 30, 7."),
        ("warning_days", "0", "Choose 1 to 365 days."),
        ("warning_days", "1,2,3,4,5,6", "Choose at most 5."),
        ("code_days", "0", "Choose 1 to 365 days."),
        ("excluded_product_tags", "x" * 256, "Shopify allows at most 255 letters."),
    ],
)
def test_what_cannot_be_saved_is_said_next_to_its_field(
    admin, parts, tenant, field, typed, sentence
):
    answer = admin.post("/programme", data={**FORM, field: typed})

    assert answer.status_code == 422
    where = {"expiry": "expiry_months"}.get(field, field)
    assert "Nothing was saved yet" in answer.text
    assert f'error="{sentence}"' in _element(answer.text, where)
    assert f'value="{typed}"' in answer.text or field in ("earn_on", "guests", "expiry")
    with parts.database.tenant(tenant) as session:
        assert len(session.scalars(select(RuleVersion.id)).all()) == 1


def test_the_preview_reckons_the_typed_rules_and_saves_nothing(admin, parts, tenant):
    answer = admin.post("/programme/preview", data=FORM)

    assert "Bronze: a ฿1,200 order earns 94 petals, worth ฿117.50." in answer.text
    with parts.database.tenant(tenant) as session:
        assert newest_rules(session, tenant.program_id).points_per_unit == 1


def test_every_setting_is_saved_as_it_was_chosen(admin, parts, tenant):
    changes = {
        "rounding": "half_up",
        "include_shipping": "1",
        "guests": "signed_in_only",
        "earn_on": "fulfilled",
        "expiry": "inactivity",
        "expiry_months": "18",
        "warning_days": "7, 60",
        "debt_policy": "write_off",
        "return_policy": "never",
        "lapse_policy": "keep",
        "code_days": "10",
    }

    assert admin.post("/programme", data=FORM | EXCLUSIONS | changes).status_code == 303

    with parts.database.tenant(tenant) as session:
        rules = newest_rules(session, tenant.program_id)
    assert rules == ProgramRules(
        points_per_unit=2,
        unit_minor=2_550,
        rounding="half_up",
        include_tax=True,
        include_shipping=True,
        excluded_product_ids=(31, 32),
        excluded_collection_ids=(7,),
        excluded_product_tags=("sale", "out let"),
        excluded_customer_tags=("staff",),
        excluded_discount_codes=("FRIENDS",),
        guests="signed_in_only",
        earn_on="fulfilled",
        pending_days=0,
        expiry_mode="inactivity",
        expiry_months=18,
        warning_days=(60, 7),
        sign_up_points=100,
        debt_policy="write_off",
        return_policy="never",
        lapse_policy="keep",
        code_days=10,
    )


def test_what_was_saved_is_shown_again_with_its_names(admin):
    admin.post("/programme", data=FORM | EXCLUSIONS)

    text = admin.get("/programme").text

    for name, values in {
        "excluded_product_ids": ["31:Jasmine tea", "32:Oolong: spring"],
        "excluded_collection_ids": ["7:Gifts"],
        "excluded_product_tags": ["sale", "out let"],
        "excluded_discount_codes": ["FRIENDS"],
    }.items():
        for value in values:
            assert f'<input type="hidden" name="{name}" value="{value}">' in text
    assert "Nothing is earned by “Jasmine tea”, “Oolong: spring”, “Gifts”, or 2 more." in text


def test_a_refused_form_keeps_all_that_was_typed_and_opens_what_is_wrong(admin):
    answer = admin.post("/programme", data=FORM | EXCLUSIONS | {"code_days": "many"})

    assert answer.status_code == 422
    assert 'name="excluded_product_ids" value="31:Jasmine tea"' in answer.text
    assert 'name="excluded_customer_tags" value="staff"' in answer.text
    folds = re.findall(
        r'class="fold" (open)?>\s*<summary>\s*<span[^>]*>\s*<span[^>]*>([^<]*)', answer.text
    )
    assert [heading for opened, heading in folds if opened] == ["Refunds and unused codes"]


def test_saving_what_is_in_force_publishes_nothing(admin, parts, tenant):
    admin.post("/programme", data=FORM | EXCLUSIONS)
    admin.post("/programme", data=FORM | EXCLUSIONS)

    with parts.database.tenant(tenant) as session:
        assert len(session.scalars(select(RuleVersion.id)).all()) == 2
