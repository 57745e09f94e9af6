"""The pages of members: the list, one member with the ledger, and adjustments by staff."""

import uuid
from datetime import datetime

from flask import Blueprint, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response
from wtforms import Form
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]

from app.clock import utc_now
from app.container import current_container
from app.db.queries.members import (
    MemberRow,
    get_member,
    members_by_customer_ids,
    members_by_email_hash,
    newest_members,
)
from app.db.queries.postings import ledger_page, member_ledger
from app.db.queries.programs import ProgramRow, get_program
from app.db.queries.redemptions import get_redemption, open_redemptions
from app.db.queries.tiers import program_tiers
from app.db.rulebook import load_rulebook
from app.domain.errors import NotEnoughPoints, RedemptionNotOpen
from app.flows.shop_access import vault_of
from app.services.adjust_points import adjust_points
from app.web.admin.adjust_form import AdjustForm
from app.web.admin.customer_export import export_url
from app.web.admin.give_back import give_back
from app.web.admin.held_rewards import held_reward
from app.web.admin.lazy_text import lazy as _l
from app.web.admin.ledger_words import ledger_entries
from app.web.admin.member_tier_words import tier_view
from app.web.admin.member_words import member_facts, member_figures, member_title
from app.web.admin.page import (
    ADJUSTED,
    RELEASED,
    RELEASING,
    USED_ALREADY,
    done,
    own_data,
    page,
    reader_locale,
)
from app.web.admin.pager import pager
from app.web.admin.pin_form import BirthdayForm, PinForm, UnpinForm, tier_choices
from app.web.admin.polaris_fields import ChoiceField, PolarisWidget, TextField
from app.web.admin.receipt_words import receipt_view
from app.web.auth import admin_identity
from app.words.formats import day, whole

PAGE_SIZE = 50
POSTINGS_SHOWN = 20


class SearchForm(Form):
    """What to look for."""

    query = TextField(
        widget=PolarisWidget("s-search-field", labelAccessibilityVisibility="exclusive")
    )
    tier = ChoiceField(_l("Tier"), choices=[])


def register(blueprint: Blueprint) -> None:
    """Add the list, the member's page and its actions to the admin."""
    blueprint.get("/members")(members)
    blueprint.get("/members/<int:member_id>")(member)
    blueprint.get("/members/<int:member_id>/receipts/<int:sequence>")(receipt)
    blueprint.post("/members/<int:member_id>/adjust")(adjust)
    blueprint.post("/members/<int:member_id>/redemptions/<int:redemption_id>/release")(release)


def members() -> tuple[str, int]:
    """List members, newest first, or those that a search finds."""
    query = request.args.get("query", "").strip()
    before = _cursor(request.args.get("before", ""))
    with own_data() as session:
        program = get_program(session, admin_identity().program_id)
        tiers = program_tiers(session, program.id)
        tier_id = request.args.get("tier", type=int)
        rows = (
            _find(session, query)
            if query
            else newest_members(session, before=before, tier_id=tier_id)
        )
    form = SearchForm(data={"query": query, "tier": str(tier_id or "")})
    form.query.label.text = _("E-mail address or customer number")
    form.query.render_kw = {"placeholder": form.query.label.text}
    form.tier.choices = [SelectChoice("", _("All tiers")), *tier_choices(tiers)]
    full = not query and len(rows) == PAGE_SIZE
    return page(
        "members.html",
        _("Members"),
        members=[_item(row, program) for row in rows],
        form=form,
        searched=bool(query or tier_id),
        first_url=url_for("admin.members", tier=tier_id) if before else None,
        next_url=url_for("admin.members", before=_cursor_text(rows[-1]), tier=tier_id)
        if full
        else None,
    )


def member(member_id: int) -> tuple[str, int]:
    """Show one member with balances and the ledger."""
    form = AdjustForm(data={"key": str(uuid.uuid4()), "direction": "add"})
    return draw_member(member_id, form)


def receipt(member_id: int, sequence: int) -> tuple[str, int]:
    """Show one posting's receipt, inside the ledger."""
    identity = admin_identity()
    with own_data() as session:
        program = get_program(session, identity.program_id)
        rows = ledger_page(session, member_id, before=sequence + 1, limit=1)
        if not rows or rows[0].sequence != sequence:
            raise NotFound
        view = receipt_view(session, identity.shop_id, program, rows[0])
    return page("receipt.html", "", receipt=view, member_id=member_id, sequence=sequence)


def adjust(member_id: int) -> Response | tuple[str, int]:
    """Add or take points by hand, once for each form that was opened."""
    form = AdjustForm(formdata=request.form)
    if not form.validate():
        return draw_member(member_id, form, status=422)
    identity, settings = admin_identity(), current_container().settings
    points = form.points.data or 0
    vault = vault_of(current_container())
    try:
        with own_data() as session:
            _known(session, member_id)
            adjust_points(
                session,
                program_id=identity.program_id,
                member_id=member_id,
                points=points if form.direction.data == "add" else -points,
                key=form.key.data or "",
                actor=f"staff:{identity.user_id}",
                note=vault.encrypt(form.note.data or ""),
                now=utc_now(),
                ledger_key=settings.ledger_key,
            )
    except NotEnoughPoints as error:
        available = whole(error.points_available, reader_locale())
        form.points.errors = [_("The member has %(points)s to take.", points=available)]
        return draw_member(member_id, form, status=422)
    return done("member", ADJUSTED, member_id=member_id)


def release(member_id: int, redemption_id: int) -> Response:
    """Take a reward back at Shopify, then give its points back."""
    with own_data() as session:
        redemption = get_redemption(session, redemption_id, member_id=member_id)
    if redemption is None:
        raise NotFound
    try:
        row = give_back(redemption)
    except RedemptionNotOpen:
        return done("member", USED_ALREADY, member_id=member_id)
    return done("member", RELEASED if row.state == "released" else RELEASING, member_id=member_id)


def _find(session: Session, query: str) -> list[MemberRow]:
    digits = query.removeprefix("#")
    if digits.isdigit():
        return members_by_customer_ids(session, [int(digits)]) if len(digits) < 19 else []
    vault = vault_of(current_container())
    return members_by_email_hash(session, vault.email_hash(query))


def _item(row: MemberRow, program: ProgramRow) -> dict[str, object]:
    locale = reader_locale()
    return {
        "id": row.id,
        "name": member_title(row),
        "tier": row.tier_name or _("None"),
        "available": whole(row.available, locale),
        "pending": whole(row.pending, locale),
        "joined": day(row.joined_at, program.iana_timezone, locale, now=utc_now()),
    }


def draw_member(
    member_id: int,
    form: AdjustForm | None = None,
    *,
    status: int = 200,
    pin_form: PinForm | None = None,
    unpin_form: UnpinForm | None = None,
    birthday_form: BirthdayForm | None = None,
) -> tuple[str, int]:
    """Draw a member's page, with a form that was refused if there is one."""
    before, after = (request.args.get(name, type=int) for name in ("before", "after"))
    with own_data() as session:
        program = get_program(session, admin_identity().program_id)
        row = _known(session, member_id)
        found = member_ledger(session, member_id, before=before, after=after, limit=POSTINGS_SHOWN)
        entries = ledger_entries(session, admin_identity().shop_id, program, found.rows)
        held = [] if found.newer else open_redemptions(session, member_id)
        rulebook = load_rulebook(session, program.id)
        tier = tier_view(session, program, rulebook, member_id)
        facts = member_facts(session, rulebook, row, tier)
    pin_form = pin_form or PinForm(data={"tier": str(row.tier_id or "")})
    pin_form.tier.choices = tier_choices(list(rulebook.tiers))
    return page(
        "member.html",
        member_title(row),
        status=status,
        member_id=member_id,
        figures=member_figures(row, tier),
        facts=facts,
        tier=tier,
        pin_form=pin_form,
        unpin_form=unpin_form or UnpinForm(),
        birthday_form=birthday_form or BirthdayForm(data={"birthday": tier.birthday}),
        export_url=export_url(member_id),
        entries=entries,
        held=[held_reward(redemption, program) for redemption in held],
        form=form or AdjustForm(data={"key": str(uuid.uuid4()), "direction": "add"}),
        pager=pager("admin.member", newer=found.newer, older=found.older, member_id=member_id),
    )


def _known(session: Session, member_id: int) -> MemberRow:
    row = get_member(session, member_id)
    if row is None:
        raise NotFound
    return row


def _cursor_text(row: MemberRow) -> str:
    return f"{row.joined_at.isoformat()}~{row.id}"


def _cursor(text: str) -> tuple[datetime, int] | None:
    """Read a page's cursor; one that cannot be read means the first page."""
    moment, _tilde, member_id = text.partition("~")
    try:
        return datetime.fromisoformat(moment), int(member_id)
    except ValueError:
        return None
