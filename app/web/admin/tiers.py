"""The page of tiers: what they are reckoned by, each with its perks, and who moves by a change."""

from collections.abc import Sequence
from dataclasses import asdict

from flask import Blueprint, request
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from app.clock import utc_now
from app.container import current_container
from app.db.models import Program
from app.db.queries.programs import ProgramRow, get_program
from app.db.queries.tiers import has_more_members, members_by_tier, program_tiers
from app.db.rulebook import load_rulebook
from app.domain.tier_terms import TierTerms
from app.services.count_tier_moves import read_outlook, start_counting
from app.services.note_widget_change import note_widget_change
from app.services.preview_tiers import foresee_tiers
from app.services.save_tiers import save_tiers
from app.web.admin.page import SAVED, done, own_data, page, reader_locale, reckoned
from app.web.admin.polaris_fields import use_currency
from app.web.admin.tier_moves import Moves, tier_moves
from app.web.admin.tiers_form import MAX_TIERS, TierForm, TiersForm, tier_data, use_measure
from app.web.auth import admin_identity
from app.words.formats import currency_symbol, whole

POLL_MS = 1_500
COUNTED_AT_ONCE = 5_000
"""How many members may be counted while somebody waits: it takes some 10 µs each, twice."""
CONFIRM = 428
"""Precondition Required: Turbo draws an answer to a form that is no redirect only as an error."""


def register(blueprint: Blueprint) -> None:
    """Add the page, and publishing in two steps, to the admin."""
    blueprint.get("/tiers")(tiers)
    blueprint.post("/tiers")(publish_tiers)
    blueprint.post("/tiers/edit")(edit_tiers)
    blueprint.get("/tiers/outlooks/<int:outlook_id>")(tier_outlook)


def tiers() -> tuple[str, int]:
    """Show the tiers as they are, and who has them."""
    with own_data() as session:
        program = get_program(session, admin_identity().program_id)
        return _draw(session, program, _filled_form(session, program))


def publish_tiers() -> Response | tuple[str, int]:
    """Save the tiers; where members would move, say so first and ask."""
    identity = admin_identity()
    with own_data() as session:
        program = get_program(session, identity.program_id)
        form = _submitted_form(program)
        if not form.validate():
            return _draw(session, program, form, status=422)
        if "confirmed" not in request.form:
            if has_more_members(session, program.id, COUNTED_AT_ONCE):
                return _count(session, program, form)
            moves = tier_moves(
                foresee_tiers(
                    session,
                    program_id=program.id,
                    tiers=form.drafts(),
                    terms=form.terms,
                    now=utc_now(),
                )
            )
            if moves.any:
                return _confirm(moves, _typed(), status=CONFIRM)
        changed = save_tiers(
            session,
            program_id=program.id,
            tiers=form.drafts(),
            terms=form.terms,
            now=utc_now(),
            actor=f"staff:{identity.user_id}",
        )
        if changed:
            note_widget_change(session, program_id=program.id)
            for job in ("revise_tiers", "push_widget_settings"):
                current_container().jobs.enqueue(job, session, program_id=program.id)
    return done("tiers", SAVED)


def edit_tiers() -> tuple[str, int]:
    """Show what was typed once more, after a look at who would move."""
    with own_data() as session:
        program = get_program(session, admin_identity().program_id)
        form = _submitted_form(program)
        form.validate()
        return _draw(session, program, form, status=CONFIRM)


def tier_outlook(outlook_id: int) -> Response | tuple[str, int]:
    """Show who would move, as far as a job has counted them, and ask."""
    with own_data() as session:
        outlook = read_outlook(session, outlook_id)
    if outlook is None:
        return done("tiers", "")
    if outlook.found:
        return _confirm(tier_moves(outlook.found), outlook.typed)
    locale = reader_locale()
    return page(
        "tiers_counting.html",
        _("Before you publish"),
        typed=outlook.typed,
        poll_ms=POLL_MS if outlook.counting else None,
        done=whole(outlook.members_done, locale),
        total=whole(outlook.members_total, locale),
    )


def _count(session: Session, program: ProgramRow, form: TiersForm) -> Response:
    """Have a job count who would move, and show its page."""
    outlook_id = start_counting(
        session,
        program_id=program.id,
        typed=_typed(),
        tiers=form.drafts(),
        terms=form.terms,
        now=utc_now(),
    )
    current_container().jobs.enqueue(
        "count_tier_moves", session, program_id=program.id, outlook_id=outlook_id
    )
    return done("tier_outlook", "", outlook_id=outlook_id)


def _typed() -> list[tuple[str, str]]:
    return [
        (name, value)
        for name, values in request.form.lists()
        for value in values
        if name != "confirmed"
    ]


def _confirm(
    moves: Moves, typed: Sequence[tuple[str, str]], *, status: int = 200
) -> tuple[str, int]:
    return page(
        "tiers_confirm.html", _("Before you publish"), status=status, moves=moves, typed=typed
    )


def _draw(
    session: Session, program: ProgramRow, form: TiersForm, *, status: int = 200
) -> tuple[str, int]:
    settled = bool(session.scalar(select(Program.tiers_settled).where(Program.id == program.id)))
    return page(
        "tiers.html",
        _("Tiers"),
        status=status,
        form=form,
        empty_tier=_empty_tier(),
        refused=status == 422,
        changed=status != 200,
        most=MAX_TIERS,
        counts=_counts(session, program),
        reckoned=reckoned(program.iana_timezone),
        poll_ms=None if settled or status != 200 else POLL_MS,
        units={
            "spend": currency_symbol(program.currency, reader_locale()),
            "points": _("points"),
            "orders": _("orders"),
        },
    )


def _counts(session: Session, program: ProgramRow) -> list[dict[str, object]]:
    members = members_by_tier(session, program.id)
    return [
        {
            "id": tier.id,
            "name": tier.name,
            "members": whole(members.get(tier.id, 0), reader_locale()),
        }
        for tier in program_tiers(session, program.id)
    ]


def _empty_tier() -> TierForm:
    """Return the form that a new tier starts with."""
    return TierForm(prefix="tiers-__index__-", data={"multiplier": 10_000, "place": "__index__"})


def _submitted_form(program: ProgramRow) -> TiersForm:
    use_currency(program.currency)
    use_measure(request.form.get("measure", ""))
    return TiersForm(formdata=request.form)


def _filled_form(session: Session, program: ProgramRow) -> TiersForm:
    rulebook = load_rulebook(session, program.id)
    terms: TierTerms = rulebook.tier_terms
    use_currency(program.currency)
    use_measure(terms.measure)
    return TiersForm(
        data={
            **asdict(terms),
            "tiers": [
                tier_data(asdict(tier).items()) | {"place": str(index)}
                for index, tier in enumerate(rulebook.tiers)
            ],
        }
    )
