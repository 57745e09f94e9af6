"""What staff have to do for members: rewards that are fulfilled by hand."""

from dataclasses import dataclass

from flask import Blueprint
from flask_babel import gettext as _
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from app.clock import utc_now
from app.container import current_container
from app.db.queries.programs import ProgramRow, get_program
from app.db.queries.redemptions import RedemptionRow, TaskRow, get_redemption, to_do
from app.domain.errors import RedemptionNotOpen
from app.flows.shop_access import vault_of
from app.services.finish_redemption import finish_redemption
from app.web.admin.give_back import give_back
from app.web.admin.page import (
    CANCELLED,
    RELEASING,
    TASK_DONE,
    USED_ALREADY,
    done,
    own_data,
    page,
    reader_locale,
)
from app.web.admin.reward_words import reward_title
from app.web.auth import admin_identity
from app.words.formats import minute, points_text


def register(blueprint: Blueprint) -> None:
    """Add the list and its actions to the admin."""
    blueprint.get("/rewards/to-do")(tasks)
    blueprint.post("/rewards/to-do/<int:redemption_id>/done")(finish)
    blueprint.post("/rewards/to-do/<int:redemption_id>/cancel")(cancel)


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskItem:
    """One thing to do, finished."""

    id: int
    member_id: int
    title: str
    member: str
    since: str
    points: str
    instructions: str


def tasks() -> tuple[str, int]:
    """List what waits for staff, the oldest first."""
    with own_data() as session:
        program = get_program(session, admin_identity().program_id)
        rows = to_do(session, program.id)
    items = [_item(row, program) for row in rows]
    return page("reward_tasks.html", _("To do for members"), tasks=items)


def finish(redemption_id: int) -> Response:
    """Mark a task as done: its points are spent for good. A repeat changes nothing."""
    identity = admin_identity()
    _task(redemption_id)
    try:
        with own_data() as session:
            finish_redemption(
                session,
                redemption_id=redemption_id,
                now=utc_now(),
                ledger_key=current_container().settings.ledger_key,
                actor=f"staff:{identity.user_id}",
            )
    except RedemptionNotOpen:
        return done("tasks", "")
    return done("tasks", TASK_DONE)


def cancel(redemption_id: int) -> Response:
    """Give the points of a task back."""
    redemption = _task(redemption_id)
    try:
        row = give_back(redemption)
    except RedemptionNotOpen:
        return done("tasks", USED_ALREADY)
    return done("tasks", CANCELLED if row.state == "released" else RELEASING)


def _task(redemption_id: int) -> RedemptionRow:
    with own_data() as session:
        redemption = get_redemption(session, redemption_id)
    if redemption is None or redemption.way != "by_staff":
        raise NotFound
    return redemption


def _item(row: TaskRow, program: ProgramRow) -> TaskItem:
    redemption, locale = row.redemption, reader_locale()
    terms = redemption.terms
    return TaskItem(
        id=redemption.id,
        member_id=redemption.member_id,
        title=reward_title(
            terms["type"],
            terms["config"],
            program,
            own_words=terms.get("offer", {}).get("words", {}),
        ),
        member=_named(row),
        since=minute(redemption.created_at, program.iana_timezone, locale),
        points=points_text(redemption.points, program.points_name, locale),
        instructions=terms["config"].get("instructions", ""),
    )


def _named(row: TaskRow) -> str:
    vault = vault_of(current_container())
    told = [vault.decrypt(secret) for secret in (row.name, row.email) if secret is not None]
    number = str(row.redemption.customer_id)
    return " · ".join(text for text in told if text) or _("Customer %(number)s", number=number)
