"""The page of names and earning rules."""

from flask import Blueprint, request
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from app.clock import utc_now
from app.container import current_container
from app.db.queries.picked_items import picked_names
from app.db.queries.programs import ProgramRow, get_program, newest_rules
from app.db.queries.rewards import program_rewards
from app.db.queries.rule_drafts import program_drafts
from app.db.queries.tiers import program_tiers
from app.domain.point_value import PointValue, point_value
from app.domain.program_rules import ProgramRules
from app.services.note_picked_names import note_picked_names
from app.services.note_widget_change import note_widget_change
from app.services.publish_rules import publish_rules
from app.services.save_program_settings import save_program_settings
from app.services.save_rule_draft import save_rule_draft
from app.web.admin.page import DRAFTED, SAVED, done, own_data, page, reader_locale
from app.web.admin.polaris_fields import use_currency
from app.web.admin.programme_effect import EffectTerms, programme_effect
from app.web.admin.programme_form import ProgrammeForm
from app.web.admin.rules_form import rules_data
from app.web.auth import admin_identity
from app.words.formats import day


def register(blueprint: Blueprint) -> None:
    """Add the page, its preview and its way to a draft to the admin."""
    blueprint.get("/programme")(programme)
    blueprint.post("/programme")(save_programme)
    blueprint.post("/programme/preview")(preview_programme)
    blueprint.post("/programme/drafts")(draft_programme)


def programme() -> tuple[str, int]:
    """Show the settings as they are."""
    with own_data() as session:
        program = get_program(session, admin_identity().program_id)
        form = _filled_form(session, program)
        return _draw(session, form, program)


def save_programme() -> Response | tuple[str, int]:
    """Publish the rules and save names, or show what is wrong with them."""
    with own_data() as session:
        program = get_program(session, admin_identity().program_id)
        form = _submitted_form(program)
        if not form.validate():
            return _draw(session, form, program, status=422)
        _save(session, form, program)
        current_container().jobs.enqueue("push_widget_settings", session, program_id=program.id)
    return done("programme", SAVED)


def draft_programme() -> Response | tuple[str, int]:
    """Keep the rules as a draft and leave those in force as they are."""
    with own_data() as session:
        program = get_program(session, admin_identity().program_id)
        form = _submitted_form(program)
        if not form.validate():
            return _draw(session, form, program, status=422)
        if _more_than_rules(form, program):
            problem = _(
                "A draft keeps rules only. Save the names first, or change them back; everything you"
                " typed is still here."
            )
            return _draw(session, form, program, status=422, problem=problem)
        draft_id = _save_draft(session, form, program)
    return done("rule_draft", DRAFTED, draft_id=draft_id)


def preview_programme() -> tuple[str, int]:
    """Show what the form would do as it stands; nothing is saved."""
    with own_data() as session:
        program = get_program(session, admin_identity().program_id)
        form = _submitted_form(program)
        preview = _effect(session, form, program) if form.validate() else None
    return page("programme_preview.html", "", preview=preview)


def reward_value(session: Session, program_id: int) -> PointValue | None:
    """Return what points are worth by the rewards on offer."""
    offered = program_rewards(session, program_id, offered_only=True)
    return point_value((reward.type, reward.points, reward.config) for reward in offered)


def _draw(
    session: Session,
    form: ProgrammeForm,
    program: ProgramRow,
    *,
    status: int = 200,
    problem: str | None = None,
) -> tuple[str, int]:
    locale, now = reader_locale(), utc_now()
    drafts = [
        {
            "id": draft.id,
            "name": draft.name,
            "changed": _(
                "Changed %(day)s",
                day=day(draft.updated_at, program.iana_timezone, locale, now=now),
            ),
        }
        for draft in program_drafts(session, program.id)
    ]
    return page(
        "programme.html",
        _("Programme"),
        status=status,
        form=form,
        drafts=drafts,
        refused=status != 200,
        problem=problem,
        preview=_effect(session, form, program) if status == 200 or problem else None,
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
            **rules_data(rules, picked_names(session, program.id)),
            "name": program.name,
            "points_one": names["en"]["one"],
            "points_other": names["en"]["other"],
            "points_th": names.get("th", {}).get("other", ""),
        },
    )


def _save(session: Session, form: ProgrammeForm, program: ProgramRow) -> None:
    now = utc_now()
    publish_rules(
        session,
        program_id=program.id,
        rules=form.rules(newest_rules(session, program.id)),
        published_by=f"staff:{admin_identity().user_id}",
        now=now,
    )
    note_picked_names(session, program_id=program.id, names=form.names)
    save_program_settings(
        session,
        program_id=program.id,
        name=form.name.data or "",
        points_name=_points_name(form),
        appearance=program.appearance,
    )
    note_widget_change(session, program_id=program.id)


def _save_draft(session: Session, form: ProgrammeForm, program: ProgramRow) -> int:
    now = utc_now()
    note_picked_names(session, program_id=program.id, names=form.names)
    today = day(now, program.iana_timezone, reader_locale(), now=now)
    return save_rule_draft(
        session,
        program_id=program.id,
        name=_("Draft of %(day)s", day=today),
        rules=form.rules(newest_rules(session, program.id)),
        saved_by=f"staff:{admin_identity().user_id}",
        now=now,
    )


def _more_than_rules(form: ProgrammeForm, program: ProgramRow) -> bool:
    """Return whether the form changes names, which a draft does not keep."""
    return (form.name.data, _points_name(form)) != (program.name, program.points_name)


def _points_name(form: ProgrammeForm) -> dict[str, dict[str, str]]:
    names = {"en": {"one": form.points_one.data or "", "other": form.points_other.data or ""}}
    if form.points_th.data:
        names["th"] = {"other": form.points_th.data}
    return names


def _effect(session: Session, form: ProgrammeForm, program: ProgramRow) -> list[str]:
    terms = EffectTerms(
        tiers=program_tiers(session, program.id),
        currency=program.currency,
        points_name=_points_name(form),
        value=reward_value(session, program.id),
        picked={**picked_names(session, program.id), **form.names},
    )
    return programme_effect(form.rules(ProgramRules()), terms)
