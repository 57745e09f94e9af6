"""The page of earning rules and tiers."""

from dataclasses import replace

from flask import Blueprint, request
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from app.clock import utc_now
from app.container import current_container
from app.db.queries.programs import ProgramRow, get_program, newest_rules
from app.db.queries.tiers import TierRow, program_tiers
from app.domain.program_rules import ProgramRules
from app.services.note_widget_change import note_widget_change
from app.services.publish_rules import publish_rules
from app.services.save_program_settings import save_program_settings
from app.services.save_tiers import save_tiers
from app.web.admin.page import SAVED, done, own_data, page
from app.web.admin.polaris_fields import use_currency
from app.web.admin.programme_effect import programme_effect
from app.web.admin.programme_form import ProgrammeForm, TierForm
from app.web.auth import admin_identity

RULE_FIELDS = (
    "points_per_unit",
    "unit_minor",
    "rounding",
    "include_tax",
    "include_shipping",
    "earn_on",
    "pending_days",
    "expiry_months",
    "sign_up_points",
    "debt_policy",
    "return_policy",
)


def register(blueprint: Blueprint) -> None:
    """Add the page and its preview to the admin."""
    blueprint.get("/programme")(programme)
    blueprint.post("/programme")(save_programme)
    blueprint.post("/programme/preview")(preview_programme)


def programme() -> tuple[str, int]:
    """Show the settings as they are."""
    with own_data() as session:
        program = get_program(session, admin_identity().program_id)
        form = _filled_form(session, program)
    return _draw(form, program)


def save_programme() -> Response | tuple[str, int]:
    """Publish the rules and save names and tiers, or show what is wrong with them."""
    with own_data() as session:
        program = get_program(session, admin_identity().program_id)
        form = _submitted_form(program)
        if not form.validate():
            return _draw(form, program, status=422)
        _save(session, form, program)
        current_container().jobs.enqueue("push_widget_settings", session, program_id=program.id)
    return done("programme", SAVED)


def preview_programme() -> tuple[str, int]:
    """Show what the form would do as it stands; nothing is saved."""
    with own_data() as session:
        program = get_program(session, admin_identity().program_id)
    form = _submitted_form(program)
    preview = _effect(form, program) if form.validate() else None
    return page("programme_preview.html", "", preview=preview)


def _draw(form: ProgrammeForm, program: ProgramRow, *, status: int = 200) -> tuple[str, int]:
    return page(
        "programme.html",
        _("Programme"),
        status=status,
        form=form,
        empty_tier=TierForm(prefix="tiers-__index__-"),
        preview=_effect(form, program) if status == 200 else None,
    )


def _submitted_form(program: ProgramRow) -> ProgrammeForm:
    use_currency(program.currency)
    return ProgrammeForm(formdata=request.form)


def _filled_form(session: Session, program: ProgramRow) -> ProgrammeForm:
    use_currency(program.currency)
    rules = newest_rules(session, program.id)
    names = program.points_name
    return ProgrammeForm(
        data={
            **{field: getattr(rules, field) for field in RULE_FIELDS},
            "name": program.name,
            "points_one": names["en"]["one"],
            "points_other": names["en"]["other"],
            "points_th": names.get("th", {}).get("other", ""),
            "tiers": [_tier_data(tier) for tier in program_tiers(session, program.id)],
        },
    )


def _tier_data(tier: TierRow) -> dict[str, object]:
    return {
        "tier_id": str(tier.id),
        "tier_name": tier.name,
        "threshold_minor": tier.threshold_minor,
        "multiplier": tier.multiplier_bp,
    }


def _rules(form: ProgrammeForm, present: ProgramRules) -> ProgramRules:
    return replace(present, **{field: form[field].data for field in RULE_FIELDS})


def _save(session: Session, form: ProgrammeForm, program: ProgramRow) -> None:
    now = utc_now()
    publish_rules(
        session,
        program_id=program.id,
        rules=_rules(form, newest_rules(session, program.id)),
        published_by=f"staff:{admin_identity().user_id}",
        now=now,
    )
    save_tiers(session, program_id=program.id, tiers=form.tier_drafts())
    save_program_settings(
        session,
        program_id=program.id,
        name=form.name.data or "",
        points_name=_points_name(form),
        appearance=program.appearance,
    )
    note_widget_change(session, program_id=program.id)


def _points_name(form: ProgrammeForm) -> dict[str, dict[str, str]]:
    names = {"en": {"one": form.points_one.data or "", "other": form.points_other.data or ""}}
    if form.points_th.data:
        names["th"] = {"other": form.points_th.data}
    return names


def _effect(form: ProgrammeForm, program: ProgramRow) -> list[str]:
    rules = _rules(form, ProgramRules())
    return programme_effect(
        rules, form.tier_drafts(), currency=program.currency, names=_points_name(form)
    )
