"""The page of past orders: what was read of them, points for them, and what was missed since."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from flask import Blueprint, request
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response
from wtforms import Form
from wtforms.validators import InputRequired

from app.clock import utc_now
from app.container import current_container
from app.db.queries.backfills import BackfillRow, finished_backfills, newest_backfill
from app.db.queries.history_imports import ImportRow, newest_import
from app.db.queries.programs import ProgramRow, get_program, newest_rules
from app.db.queries.reconciliations import newest_comparison
from app.flows.read_history import stop_history
from app.services.confirm_backfill import cancel_backfill, confirm_backfill
from app.services.note_comparison import comparison_began
from app.services.start_backfill import (
    BackfillUnderWay,
    NotInThePast,
    PastNotKnown,
    start_backfill,
)
from app.services.start_history_import import start_history_import
from app.shopify.errors import ShopifyError
from app.web.admin.backfill_words import (
    compared_sentences,
    cost_figures,
    cost_sentence,
    earlier_lines,
    is_comparing,
    reading_progress,
    reading_result,
    reckoned_sentence,
    result_figures,
    step_progress,
    tier_lines,
    waiting_sentence,
)
from app.web.admin.compare_form import DayField
from app.web.admin.lazy_text import lazy as _l
from app.web.admin.page import done, own_data, page, reader_locale
from app.web.auth import admin_identity
from app.words.formats import day

POLL_MS = 1_500


class BackfillForm(Form):
    """Since when orders are to earn."""

    since = DayField(_l("Orders since"), [InputRequired(_l("Choose a day."))])

    def moment(self, iana_timezone: str) -> datetime:
        """Return the beginning of the day in the shop's time zone."""
        return datetime.combine(self.since.data, time(), ZoneInfo(iana_timezone))


def register(blueprint: Blueprint) -> None:
    """Add the page and what can be done on it to the admin."""
    blueprint.get("/past-orders")(past_orders)
    blueprint.post("/past-orders/preview")(preview_past_orders)
    blueprint.post("/past-orders/<int:backfill_id>/confirm")(confirm_past_orders)
    blueprint.post("/past-orders/<int:backfill_id>/cancel")(cancel_past_orders)
    blueprint.post("/past-orders/read")(read_past_orders)
    blueprint.post("/past-orders/stop")(stop_reading)
    blueprint.post("/past-orders/compare")(compare_orders)


def past_orders() -> tuple[str, int]:
    """Show how far reading, granting and comparing have come."""
    with own_data() as session:
        return _draw(session)


def preview_past_orders() -> Response | tuple[str, int]:
    """Have the cost of points for past orders reckoned; nothing is granted by it."""
    identity = admin_identity()
    form = BackfillForm(formdata=request.form)
    with own_data() as session:
        program = get_program(session, identity.program_id)
        if not form.validate():
            return _draw(session, form=form, status=422)
        try:
            start_backfill(
                session,
                program_id=identity.program_id,
                shop_id=identity.shop_id,
                since=form.moment(program.iana_timezone),
                asked_by=f"staff:{identity.user_id}",
                now=utc_now(),
            )
        except NotInThePast:
            begins = day(
                program.earning_starts_at, program.iana_timezone, reader_locale(), now=utc_now()
            )
            form.since.errors = [
                _("Orders since %(day)s earn by themselves: choose an earlier day.", day=begins)
            ]
            return _draw(session, form=form, status=422)
        except (BackfillUnderWay, PastNotKnown):
            # The page says how far that has come.
            return done("past_orders", "")
        current_container().jobs.enqueue("back_fill", session, shop_id=identity.shop_id)
    return done("past_orders", "")


def confirm_past_orders(backfill_id: int) -> Response:
    """Grant what was previewed."""
    identity = admin_identity()
    with own_data() as session:
        confirm_backfill(
            session,
            shop_id=identity.shop_id,
            backfill_id=backfill_id,
            confirmed_by=f"staff:{identity.user_id}",
            now=utc_now(),
        )
        current_container().jobs.enqueue("back_fill", session, shop_id=identity.shop_id)
    return done("past_orders", "")


def cancel_past_orders(backfill_id: int) -> Response:
    """Call a preview or a grant off; what was granted stays."""
    with own_data() as session:
        cancel_backfill(
            session,
            shop_id=admin_identity().shop_id,
            backfill_id=backfill_id,
            now=utc_now(),
        )
    return done("past_orders", "")


def read_past_orders() -> Response:
    """Read the history once more."""
    identity = admin_identity()
    with own_data() as session:
        start_history_import(
            session,
            shop_id=identity.shop_id,
            asked_by=f"staff:{identity.user_id}",
            now=utc_now(),
        )
        current_container().jobs.enqueue("read_history", session, shop_id=identity.shop_id)
    return done("past_orders", "")


def stop_reading() -> Response:
    """Stop reading the history; what was read stays."""
    try:
        stop_history(current_container(), admin_identity().shop_id)
    except ShopifyError:
        # Here it has ended; that Shopify goes on with its file does no harm.
        return done("past_orders", "")
    return done("past_orders", "")


def compare_orders() -> Response:
    """Have the orders compared with Shopify's now."""
    identity = admin_identity()
    jobs = current_container().jobs
    with own_data() as session:
        comparison_began(session, shop_id=identity.shop_id, now=utc_now())
        jobs.enqueue("reconcile_shop", session, shop_id=identity.shop_id)
        jobs.enqueue("find_deleted_orders", session, shop_id=identity.shop_id)
    return done("past_orders", "")


def _draw(
    session: Session, *, form: BackfillForm | None = None, status: int = 200
) -> tuple[str, int]:
    identity = admin_identity()
    program = get_program(session, identity.program_id)
    history = newest_import(session, identity.shop_id)
    backfill = newest_backfill(session, identity.shop_id)
    compared = newest_comparison(session, identity.shop_id)
    return page(
        "backfill.html",
        _("Past orders"),
        status=status,
        poll_ms=POLL_MS,
        history=history,
        reading=reading_progress(history) if history else None,
        read=reading_result(history, program) if history else "",
        backfill=backfill,
        form=form or BackfillForm(data={"since": _offered_day(history, backfill, program)}),
        comparing=is_comparing(compared),
        compared=compared_sentences(compared, program),
        earlier=earlier_lines(finished_backfills(session, identity.shop_id), program),
        **_told(session, backfill, program),
    )


def _told(session: Session, backfill: BackfillRow | None, program: ProgramRow) -> dict[str, object]:
    """Return what the page says of a back-fill."""
    if backfill is None:
        return {}
    return {
        "progress": step_progress(backfill),
        "costs": cost_figures(backfill, program),
        "tiers": tier_lines(backfill),
        "results": result_figures(backfill, program),
        "cost": cost_sentence(backfill, program),
        "reckoned": reckoned_sentence(backfill, program),
        "usable": waiting_sentence(newest_rules(session, program.id)),
    }


def _offered_day(
    history: ImportRow | None, backfill: BackfillRow | None, program: ProgramRow
) -> date:
    """Return the day asked for last, else a year before earning began, or the oldest order's."""
    zone = ZoneInfo(program.iana_timezone)
    if backfill is not None:
        return backfill.since.astimezone(zone).date()
    offered = program.earning_starts_at - timedelta(days=365)
    if history is not None and history.oldest_order_at is not None:
        offered = max(offered, history.oldest_order_at)
    return offered.astimezone(zone).date()
