"""The page of what a figure is made of: a programme's postings from or to one account."""

from datetime import datetime

from flask import Blueprint, request
from flask_babel import gettext as _
from werkzeug.exceptions import NotFound

from app.clock import utc_now
from app.db.queries.postings import Moment, program_postings
from app.db.queries.programs import get_program
from app.web.admin.ledger_words import ledger_entries
from app.web.admin.page import FIGURES_PERIOD, own_data, page
from app.web.admin.pager import pager
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
    identity = admin_identity()
    before, after = (_moment(request.args.get(name, "")) for name in ("before", "after"))
    with own_data() as session:
        program = get_program(session, identity.program_id)
        found = program_postings(
            session,
            program.id,
            account,
            since=utc_now() - FIGURES_PERIOD,
            before=before,
            after=after,
            limit=PAGE_SIZE,
        )
        entries = ledger_entries(session, identity.shop_id, program, found.rows)
    return page(
        "postings.html",
        titles[account],
        lines=list(zip(entries, [row.member_id for row in found.rows], strict=True)),
        pager=pager(
            "admin.postings",
            newer=_text(found.newer),
            older=_text(found.older),
            account=account,
        ),
    )


def _text(moment: Moment | None) -> str | None:
    return None if moment is None else f"{moment.recorded_at.isoformat()}~{moment.id}"


def _moment(text: str) -> Moment | None:
    """Read a page's cursor; one that cannot be read means the first page."""
    told, _tilde, number = text.partition("~")
    try:
        moment = Moment(datetime.fromisoformat(told), int(number))
    except ValueError:
        return None
    return moment if moment.recorded_at.tzinfo else None
