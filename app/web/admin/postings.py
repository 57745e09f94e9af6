"""The page of what a figure is made of: a programme's postings from or to one account."""

from datetime import datetime

from flask import Blueprint, request, url_for
from flask_babel import gettext as _
from werkzeug.exceptions import NotFound

from app.clock import utc_now
from app.db.queries.postings import program_postings
from app.db.queries.programs import get_program
from app.web.admin.ledger_words import ledger_entries
from app.web.admin.page import FIGURES_PERIOD, own_data, page
from app.web.auth import admin_identity

PAGE_SIZE = 50


def register(blueprint: Blueprint) -> None:
    """Add the page to the admin."""
    blueprint.get("/postings/<account>")(postings)


def postings(account: str) -> tuple[str, int]:
    """List the postings of the period, newest first."""
    titles = {"issued": _("Points issued"), "redeemed": _("Points redeemed")}
    if account not in titles:
        raise NotFound
    identity, before = admin_identity(), _moment(request.args.get("before", ""))
    with own_data() as session:
        program = get_program(session, identity.program_id)
        rows = program_postings(
            session,
            program.id,
            account,
            since=utc_now() - FIGURES_PERIOD,
            before=before,
            limit=PAGE_SIZE,
        )
        entries = ledger_entries(session, identity.shop_id, program, rows)
    older = rows[-1].recorded_at.isoformat() if len(rows) == PAGE_SIZE else None
    return page(
        "postings.html",
        titles[account],
        lines=list(zip(entries, [row.member_id for row in rows], strict=True)),
        first_url=url_for("admin.postings", account=account) if before else None,
        next_url=url_for("admin.postings", account=account, before=older) if older else None,
    )


def _moment(text: str) -> datetime | None:
    """Read a page's cursor; one that cannot be read means the first page."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else None
