"""The form of a draft of rules, with the live effect of what is typed."""

from flask import Blueprint, request
from sqlalchemy.orm import Session
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response
from wtforms.validators import InputRequired, Length

from app.clock import utc_now
from app.db.queries.picked_items import picked_names
from app.db.queries.programs import ProgramRow, get_program
from app.db.queries.rule_drafts import DraftRow, get_draft
from app.db.queries.tiers import program_tiers
from app.domain.program_defaults import TierDraft
from app.domain.program_rules import ProgramRules
from app.services.note_picked_names import note_picked_names
from app.services.save_rule_draft import save_rule_draft
from app.web.admin.lazy_text import lazy as _l
from app.web.admin.page import DRAFTED, done, own_data, page
from app.web.admin.polaris_fields import TextField, use_currency
from app.web.admin.programme import reward_value
from app.web.admin.programme_effect import EffectTerms, programme_effect
from app.web.admin.rules_form import RulesForm, rules_data
from app.web.auth import admin_identity


class DraftForm(RulesForm):
    """A draft's name and its rules."""

    draft_name = TextField(
        _l("Name of the draft"),
        [InputRequired(_l("Give the draft a name.")), Length(max=60)],
        description=_l("Only you and your staff see it."),
    )


def register(blueprint: Blueprint) -> None:
    """Add the form and its preview to the admin."""
    blueprint.get("/programme/drafts/<int:draft_id>/edit")(edit_rule_draft)
    blueprint.post("/programme/drafts/<int:draft_id>/edit")(save_edited_rule_draft)
    blueprint.post("/programme/drafts/preview")(preview_rule_draft)


def known_draft(session: Session, draft_id: int) -> DraftRow:
    """Return one of the programme's drafts; answer 404 when there is no such draft."""
    draft = get_draft(session, draft_id)
    if draft is None:
        raise NotFound
    return draft


def edit_rule_draft(draft_id: int) -> tuple[str, int]:
    """Show the draft's form."""
    with own_data() as session:
        program = get_program(session, admin_identity().program_id)
        draft = known_draft(session, draft_id)
        use_currency(program.currency)
        data = rules_data(draft.rules, picked_names(session, program.id))
        form = DraftForm(data={**data, "draft_name": draft.name})
        return _draw_form(session, program, draft, form)


def save_edited_rule_draft(draft_id: int) -> Response | tuple[str, int]:
    """Save the draft, or show what is wrong with it."""
    with own_data() as session:
        program = get_program(session, admin_identity().program_id)
        draft = known_draft(session, draft_id)
        form = _submitted_form(program)
        if not form.validate():
            return _draw_form(session, program, draft, form, status=422)
        note_picked_names(session, program_id=program.id, names=form.names)
        save_rule_draft(
            session,
            program_id=program.id,
            draft_id=draft_id,
            name=form.draft_name.data or "",
            rules=form.rules(draft.rules),
            saved_by=f"staff:{admin_identity().user_id}",
            now=utc_now(),
        )
    return done("rule_draft", DRAFTED, draft_id=draft_id)


def preview_rule_draft() -> tuple[str, int]:
    """Show what the form would do as it stands; nothing is saved."""
    with own_data() as session:
        program = get_program(session, admin_identity().program_id)
        form = _submitted_form(program)
        preview = _effect(session, program, form) if form.validate() else None
    return page("programme_preview.html", "", preview=preview)


def _draw_form(
    session: Session, program: ProgramRow, draft: DraftRow, form: DraftForm, *, status: int = 200
) -> tuple[str, int]:
    return page(
        "rule_draft_form.html",
        draft.name,
        status=status,
        draft=draft,
        form=form,
        refused=status != 200,
        preview=_effect(session, program, form) if status == 200 else None,
    )


def _submitted_form(program: ProgramRow) -> DraftForm:
    use_currency(program.currency)
    return DraftForm(formdata=request.form)


def _effect(session: Session, program: ProgramRow, form: DraftForm) -> list[str]:
    tiers = [
        TierDraft(
            id=tier.id,
            name=tier.name,
            threshold=tier.threshold,
            multiplier_bp=tier.multiplier_bp,
        )
        for tier in program_tiers(session, program.id)
    ]
    terms = EffectTerms(
        tiers=tiers,
        currency=program.currency,
        points_name=program.points_name,
        value=reward_value(session, program.id),
        picked={**picked_names(session, program.id), **form.names},
    )
    return programme_effect(form.rules(ProgramRules()), terms)
