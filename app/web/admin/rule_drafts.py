"""The page of a draft of rules: what it changes, what it would have cost, and what to do with it."""

from datetime import date

from flask import Blueprint, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from app.clock import utc_now
from app.container import current_container
from app.db.queries.picked_items import picked_names
from app.db.queries.programs import ProgramRow, get_program, newest_rules
from app.db.queries.rule_comparisons import (
    ComparisonRow,
    compared_members,
    comparison_of_draft,
    live_number,
)
from app.db.queries.rule_drafts import DraftRow
from app.domain.errors import DraftChanged, DraftNotFound
from app.services.discard_rule_draft import discard_rule_draft
from app.services.note_widget_change import note_widget_change
from app.services.publish_rule_draft import publish_rule_draft
from app.services.start_rule_comparison import start_rule_comparison
from app.web.admin.compare_form import CompareForm, days_of, last_year
from app.web.admin.comparison_words import (
    apart_words,
    comparison_figures,
    member_lines,
    period_words,
    reckoned_words,
)
from app.web.admin.page import (
    CHANGED_SINCE,
    DISCARDED,
    PUBLISHED,
    done,
    own_data,
    page,
    reader_locale,
)
from app.web.admin.programme import reward_value
from app.web.admin.rule_draft_form import known_draft
from app.web.admin.rule_words import RuleTerms, rule_changes
from app.web.auth import admin_identity
from app.words.formats import minute, whole

PAGE_SIZE = 50
POLL_MS = 1_500


def register(blueprint: Blueprint) -> None:
    """Add a draft's page and what can be done with it to the admin."""
    blueprint.get("/programme/drafts/<int:draft_id>")(rule_draft)
    blueprint.post("/programme/drafts/<int:draft_id>/compare")(compare_rule_draft)
    blueprint.post("/programme/drafts/<int:draft_id>/publish")(publish_draft)
    blueprint.post("/programme/drafts/<int:draft_id>/discard")(discard_draft)


def rule_draft(draft_id: int) -> tuple[str, int]:
    """Show what the draft changes, and what its comparison came to."""
    with own_data() as session:
        program = get_program(session, admin_identity().program_id)
        draft = known_draft(session, draft_id)
        return _draw_draft(session, program, draft)


def compare_rule_draft(draft_id: int) -> Response | tuple[str, int]:
    """Have the draft compared with the live rules over the chosen orders."""
    identity = admin_identity()
    form = CompareForm(formdata=request.form)
    with own_data() as session:
        program = get_program(session, identity.program_id)
        draft = known_draft(session, draft_id)
        if not form.validate():
            return _draw_draft(session, program, draft, form=form, status=422)
        since, until = form.period(program.iana_timezone)
        comparison_id = start_rule_comparison(
            session,
            program_id=program.id,
            shop_id=identity.shop_id,
            draft_id=draft_id,
            since=since,
            until=until,
            now=utc_now(),
        )
        current_container().jobs.enqueue(
            "compare_rules",
            session,
            program_id=program.id,
            shop_id=identity.shop_id,
            comparison_id=comparison_id,
        )
    return done("rule_draft", "", draft_id=draft_id)


def publish_draft(draft_id: int) -> Response:
    """Put the rules that were looked at in force."""
    identity = admin_identity()
    try:
        with own_data() as session:
            publish_rule_draft(
                session,
                program_id=identity.program_id,
                draft_id=draft_id,
                revision=request.form.get("revision", 0, type=int),
                published_by=f"staff:{identity.user_id}",
                now=utc_now(),
            )
            note_widget_change(session, program_id=identity.program_id)
            current_container().jobs.enqueue(
                "push_widget_settings", session, program_id=identity.program_id
            )
    except DraftNotFound:
        raise NotFound from None
    except DraftChanged:
        return done("rule_draft", CHANGED_SINCE, draft_id=draft_id)
    return done("programme", PUBLISHED)


def discard_draft(draft_id: int) -> Response:
    """Throw the draft away."""
    with own_data() as session:
        discard_rule_draft(session, draft_id=draft_id)
    return done("programme", DISCARDED)


def _draw_draft(
    session: Session,
    program: ProgramRow,
    draft: DraftRow,
    *,
    form: CompareForm | None = None,
    status: int = 200,
) -> tuple[str, int]:
    locale, now, zone = reader_locale(), utc_now(), program.iana_timezone
    live = newest_rules(session, program.id)
    comparison = comparison_of_draft(session, draft.id)
    terms = RuleTerms(currency=program.currency, picked=picked_names(session, program.id))
    return page(
        "rule_draft.html",
        draft.name,
        status=status,
        draft=draft,
        changed=minute(draft.updated_at, zone, locale),
        changes=rule_changes(live, draft.rules, terms),
        form=form or CompareForm(data=_period(comparison, program)),
        counts_from=minute(now, zone, locale),
        **_compared(session, program, draft, comparison),
    )


def _period(comparison: ComparisonRow | None, program: ProgramRow) -> dict[str, date]:
    """Return the days of the last comparison, or the last twelve months."""
    if comparison is None:
        return last_year(utc_now(), program.iana_timezone)
    return days_of(comparison.since, comparison.until, program.iana_timezone)


def _compared(
    session: Session, program: ProgramRow, draft: DraftRow, comparison: ComparisonRow | None
) -> dict[str, object]:
    """Return what the page says of the comparison."""
    if comparison is None:
        return {"comparison": None}
    before = _cursor(request.args.get("before", ""))
    rows = compared_members(session, comparison.id, before=before, limit=PAGE_SIZE)
    address = url_for("admin.rule_draft", draft_id=draft.id)
    last = rows[-1] if len(rows) == PAGE_SIZE else None
    older = f"{address}?before={last.difference_size}.{last.member_id}" if last else None
    locale = reader_locale()
    is_done = comparison.state == "done"
    return {
        "comparison": comparison,
        "poll_ms": POLL_MS,
        "progress": _(
            "%(done)s of %(total)s orders",
            done=whole(comparison.orders_done, locale),
            total=whole(comparison.orders_total, locale),
        ),
        "period": period_words(comparison, program),
        "reckoned": reckoned_words(comparison, program) if is_done else "",
        "apart": apart_words(comparison) if is_done else "",
        "figures": comparison_figures(
            comparison, program.currency, reward_value(session, program.id)
        ),
        "unknown": whole(comparison.orders_unknown, locale) if comparison.orders_unknown else "",
        "stale": comparison.draft_revision != draft.revision
        or comparison.live_number != live_number(session, program.id),
        "members": member_lines(session, rows) if is_done else [],
        "first_url": address if before else None,
        "next_url": older,
    }


def _cursor(text: str) -> tuple[int, int] | None:
    """Read a page's cursor; one that cannot be read means the first page."""
    size, _dot, member_id = text.partition(".")
    if size.isdecimal() and member_id.isdecimal() and len(text) < 40:
        return int(size), int(member_id)
    return None
