"""The pages of what points buy."""

from dataclasses import dataclass

from flask import Blueprint, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from app.clock import utc_now
from app.container import current_container
from app.db.queries.programs import ProgramRow, get_program
from app.db.queries.rewards import RewardRow, get_reward, program_rewards, times_taken
from app.domain.reward import InvalidReward
from app.services.archive_reward import archive_reward
from app.services.note_widget_change import note_widget_change
from app.services.save_reward import save_reward as store_reward
from app.web.admin.page import REMOVED, SAVED, done, own_data, page, reader_locale
from app.web.admin.polaris_fields import use_currency
from app.web.admin.reward_form import (
    RewardForm,
    config_of,
    reward_form_class,
    tell_errors,
    types_with_a_form,
)
from app.web.admin.reward_words import reward_detail, reward_title, type_title
from app.web.auth import admin_identity
from app.words.formats import whole


def register(blueprint: Blueprint) -> None:
    """Add the list and the form to the admin."""
    blueprint.get("/rewards")(rewards)
    blueprint.get("/rewards/new/<type_name>")(new_reward)
    blueprint.post("/rewards/new/<type_name>")(create_reward)
    blueprint.get("/rewards/<int:reward_id>")(reward)
    blueprint.post("/rewards/<int:reward_id>")(save_reward)
    blueprint.post("/rewards/<int:reward_id>/remove")(remove_reward)
    blueprint.post("/rewards/preview/<type_name>")(preview_reward)


@dataclass(frozen=True, slots=True, kw_only=True)
class RewardItem:
    """One line of the list, finished."""

    id: int
    title: str
    cost: str
    taken: str
    active: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RewardPreview:
    """How shoppers will read a reward."""

    title: str
    detail: str


def rewards() -> tuple[str, int]:
    """List the rewards with how often each was taken."""
    program_id = admin_identity().program_id
    with own_data() as session:
        program = get_program(session, program_id)
        rows = program_rewards(session, program_id)
        taken = times_taken(session, program_id)
    locale = reader_locale()
    items = [
        RewardItem(
            id=row.id,
            title=reward_title(row.type, row.config, program),
            cost=whole(row.points, locale),
            taken=whole(taken.get(row.id, 0), locale),
            active=row.active,
        )
        for row in rows
    ]
    types = [{"type": name, "title": type_title(name)} for name in types_with_a_form()]
    return page("rewards.html", _("Rewards"), rewards=items, types=types)


def new_reward(type_name: str) -> tuple[str, int]:
    """Show the empty form of a type of reward."""
    program = _program()
    form_class = _form_class(type_name)
    return _draw(form_class(data={"active": True}), program, type_name)


def create_reward(type_name: str) -> Response | tuple[str, int]:
    """Add a reward, or show what is wrong with it."""
    form_class = _form_class(type_name)
    with own_data() as session:
        return _save(session, form_class, type_name, reward_id=None)


def reward(reward_id: int) -> tuple[str, int]:
    """Show a reward's form."""
    with own_data() as session:
        program = get_program(session, admin_identity().program_id)
        row = _known(session, reward_id)
    use_currency(program.currency)
    form = reward_form_class(row.type)(
        data={**row.config, "points": row.points, "active": row.active}
    )
    return _draw(form, program, row.type, reward_id=reward_id)


def save_reward(reward_id: int) -> Response | tuple[str, int]:
    """Change a reward, or show what is wrong with it; codes that shoppers hold stay as they are."""
    with own_data() as session:
        row = _known(session, reward_id)
        form_class = _form_class(row.type)
        return _save(session, form_class, row.type, reward_id=reward_id)


def remove_reward(reward_id: int) -> Response:
    """Take a reward off the list for good; its history stays."""
    with own_data() as session:
        _known(session, reward_id)
        archive_reward(
            session, program_id=admin_identity().program_id, reward_id=reward_id, now=utc_now()
        )
        _tell_storefront(session)
    return done("rewards", REMOVED)


def preview_reward(type_name: str) -> tuple[str, int]:
    """Show how shoppers would read the reward; nothing is saved."""
    program = _program()
    form = _form_class(type_name)(formdata=request.form)
    return page("reward_preview.html", "", preview=_preview(form, program, type_name))


def _program() -> ProgramRow:
    with own_data() as session:
        program = get_program(session, admin_identity().program_id)
    use_currency(program.currency)
    return program


def _form_class(type_name: str) -> type[RewardForm]:
    if type_name not in types_with_a_form():
        raise NotFound
    return reward_form_class(type_name)


def _known(session: Session, reward_id: int) -> RewardRow:
    row = get_reward(session, admin_identity().program_id, reward_id)
    if row is None:
        raise NotFound
    return row


def _save(
    session: Session, form_class: type[RewardForm], type_name: str, *, reward_id: int | None
) -> Response | tuple[str, int]:
    program = get_program(session, admin_identity().program_id)
    use_currency(program.currency)
    form = form_class(formdata=request.form)
    if not form.validate():
        return _draw(form, program, type_name, reward_id=reward_id, status=422)
    try:
        store_reward(
            session,
            program_id=program.id,
            reward_id=reward_id,
            type=type_name,
            points=form.points.data or 0,
            config=config_of(form, type_name),
            active=bool(form.active.data),
            now=utc_now(),
        )
    except InvalidReward as error:
        tell_errors(form, error.field_errors)
        return _draw(form, program, type_name, reward_id=reward_id, status=422)
    _tell_storefront(session)
    return done("rewards", SAVED)


def _tell_storefront(session: Session) -> None:
    """Those who are not signed in read of the rewards too."""
    program_id = admin_identity().program_id
    note_widget_change(session, program_id=program_id)
    current_container().jobs.enqueue("push_widget_settings", session, program_id=program_id)


def _draw(
    form: RewardForm,
    program: ProgramRow,
    type_name: str,
    *,
    reward_id: int | None = None,
    status: int = 200,
) -> tuple[str, int]:
    preview = _preview(form, program, type_name) if reward_id and status == 200 else None
    return page(
        "reward.html",
        preview.title if preview else type_title(type_name),
        status=status,
        form=form,
        kind=type_title(type_name),
        reward_id=reward_id,
        action=request.path,
        preview=preview,
        preview_action=url_for("admin.preview_reward", type_name=type_name),
    )


def _preview(form: RewardForm, program: ProgramRow, type_name: str) -> RewardPreview | None:
    config = config_of(form, type_name)
    try:
        title = reward_title(type_name, config, program)
    except InvalidReward:
        return None
    if not form.points.data:
        return None
    detail = reward_detail(type_name, config, form.points.data, program)
    return RewardPreview(title=title, detail=detail)
