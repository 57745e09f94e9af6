"""The list of what points buy: its order, what is left of each, and what can be added."""

from dataclasses import dataclass

from flask import Blueprint, request
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from app.clock import utc_now
from app.container import current_container
from app.db.queries.picked_items import picked_variants
from app.db.queries.programs import ProgramRow, get_program
from app.db.queries.redemptions import count_to_do
from app.db.queries.rewards import RewardRow, get_reward, program_rewards, times_taken
from app.db.queries.shops import granted_scopes
from app.domain.offer_state import OfferState, offer_state
from app.domain.reward import reward_type, reward_types
from app.flows.fulfilment import fulfilment_of
from app.services.archive_reward import archive_reward
from app.services.move_reward import Direction, move_reward
from app.services.note_widget_change import note_widget_change
from app.services.restore_reward import restore_reward
from app.web.admin.page import RESTORED, done, own_data, page, reader_locale
from app.web.admin.reward_words import reward_title, type_needs, type_sentence, type_title
from app.web.auth import admin_identity
from app.words.formats import day, whole

TYPES_IN_ORDER = (
    "amount_off",
    "slider",
    "percentage_off",
    "free_shipping",
    "free_product",
    "store_credit",
    "gift_card",
    "donation",
    "by_staff",
)
"""As they are offered to merchants; types that are not named here come after."""


def register(blueprint: Blueprint) -> None:
    """Add the list and its actions to the admin."""
    blueprint.get("/rewards")(rewards)
    blueprint.get("/rewards/new")(choose_reward)
    blueprint.post("/rewards/<int:reward_id>/move")(move)
    blueprint.post("/rewards/<int:reward_id>/remove")(remove_reward)
    blueprint.post("/rewards/<int:reward_id>/restore")(restore)


@dataclass(frozen=True, slots=True, kw_only=True)
class RewardItem:
    """One line of the list, finished."""

    id: int
    title: str
    type: str
    cost: str
    taken: str
    left: str
    state: OfferState
    state_text: str
    first: bool
    last: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class TypeChoice:
    """One type of reward as it is offered to the merchant, finished."""

    name: str
    title: str
    sentence: str
    needs: list[str]


def rewards() -> tuple[str, int]:
    """List the rewards with what is left of each and how often it was taken."""
    program_id = admin_identity().program_id
    with own_data() as session:
        program = get_program(session, program_id)
        rows = program_rewards(session, program_id)
        taken = times_taken(session, program_id)
        names = {
            number: variant.title
            for number, variant in picked_variants(session, program_id).items()
        }
        to_do = count_to_do(session, program_id)
    last = len(rows) - 1
    items = [
        _item(row, program, taken.get(row.id, 0), names, first=at == 0, last=at == last)
        for at, row in enumerate(rows)
    ]
    return page(
        "rewards.html",
        _("Rewards"),
        rewards=items,
        to_do=to_do,
        removed_id=request.args.get("removed", type=int),
        moved=request.args.get("moved", ""),
    )


def choose_reward() -> tuple[str, int]:
    """Show the types of reward, each with a sentence and what it needs."""
    with own_data() as session:
        granted = granted_scopes(session, admin_identity().shop_id)
    known = sorted(reward_types(), key=_place)
    choices = [
        TypeChoice(
            name=name,
            title=type_title(name),
            sentence=type_sentence(name),
            needs=_needs(name, granted),
        )
        for name in known
    ]
    return page("reward_types.html", _("What kind of reward?"), types=choices)


def missing_scopes(type_name: str, granted: frozenset[str]) -> list[str]:
    """Return the access scopes that a type needs and the merchant has not granted."""
    needed = fulfilment_of(reward_type(type_name).way).scopes
    return [scope for scope in needed if scope not in granted]


def tell_storefront(session: Session) -> None:
    """Push what those who are not signed in read of the rewards."""
    program_id = admin_identity().program_id
    note_widget_change(session, program_id=program_id)
    current_container().jobs.enqueue("push_widget_settings", session, program_id=program_id)


def move(reward_id: int) -> Response:
    """Move a reward up or down; the focus stays on the button that was pressed."""
    direction: Direction = "up" if request.form.get("direction") == "up" else "down"
    with own_data() as session:
        known_reward(session, reward_id)
        move_reward(
            session,
            program_id=admin_identity().program_id,
            reward_id=reward_id,
            direction=direction,
        )
        tell_storefront(session)
    return done("rewards", "", moved=f"{direction}-{reward_id}")


def remove_reward(reward_id: int) -> Response:
    """Take a reward off the list, with a way back; its history stays."""
    with own_data() as session:
        known_reward(session, reward_id)
        archive_reward(
            session, program_id=admin_identity().program_id, reward_id=reward_id, now=utc_now()
        )
        tell_storefront(session)
    return done("rewards", "", removed=reward_id)


def restore(reward_id: int) -> Response:
    """Bring a reward back that was removed."""
    with own_data() as session:
        restore_reward(session, program_id=admin_identity().program_id, reward_id=reward_id)
        tell_storefront(session)
    return done("rewards", RESTORED)


def known_reward(session: Session, reward_id: int) -> RewardRow:
    """Return a reward of the programme, or answer that there is none."""
    row = get_reward(session, admin_identity().program_id, reward_id)
    if row is None:
        raise NotFound
    return row


def _item(
    row: RewardRow,
    program: ProgramRow,
    taken: int,
    names: dict[int, str],
    *,
    first: bool,
    last: bool,
) -> RewardItem:
    locale = reader_locale()
    state = offer_state(row.offer, offered=row.active, now=utc_now())
    return RewardItem(
        id=row.id,
        title=reward_title(
            row.type, row.config, program, own_words=row.offer.words, products=names
        ),
        type=type_title(row.type),
        cost=whole(row.points, locale),
        taken=whole(taken, locale),
        left="" if row.offer.stock is None else whole(row.offer.stock, locale),
        state=state,
        state_text=_state_text(state, row, program),
        first=first,
        last=last,
    )


def _state_text(state: OfferState, row: RewardRow, program: ProgramRow) -> str:
    if state == "planned" and row.offer.starts_at is not None:
        start = day(row.offer.starts_at, program.iana_timezone, reader_locale(), now=utc_now())
        return _("From %(day)s", day=start)
    return {
        "not_offered": _("Not offered"),
        "planned": _("Planned"),
        "running": _("Offered"),
        "sold_out": _("Sold out"),
        "ended": _("Ended"),
    }[state]


def _place(type_name: str) -> int:
    known = TYPES_IN_ORDER
    return known.index(type_name) if type_name in known else len(known)


def _needs(type_name: str, granted: frozenset[str]) -> list[str]:
    needs = [type_needs(type_name)]
    if missing_scopes(type_name, granted):
        needs.append(_("Asks you for more access when you add it."))
    return [need for need in needs if need]
