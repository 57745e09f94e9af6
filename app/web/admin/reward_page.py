"""The form of one reward, with the reward beside it as shoppers will see it."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from flask import Blueprint, request, url_for
from sqlalchemy.orm import Session
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from app.clock import utc_now
from app.db.queries.picked_items import PickedVariant, picked_names, picked_variants
from app.db.queries.programs import ProgramRow, get_program
from app.db.queries.rewards import RewardRow
from app.db.queries.shops import granted_scopes
from app.db.queries.tiers import program_tiers
from app.domain.reward import InvalidReward, reward_type, reward_types
from app.domain.reward_offer import RewardOffer
from app.services.note_picked_names import note_picked_names
from app.services.save_reward import save_reward as store_reward
from app.web.admin.choice_fields import PickedVariantItem
from app.web.admin.offer_form import offer_data, offer_of, offer_tiers
from app.web.admin.page import SAVED, done, own_data, page
from app.web.admin.polaris_fields import use_currency
from app.web.admin.reward_form import (
    RewardForm,
    config_of,
    images_in,
    names_in,
    own_fields,
    reward_form_class,
    tell_errors,
)
from app.web.admin.reward_preview import reward_preview
from app.web.admin.reward_words import type_needs, type_sentence, type_title
from app.web.admin.rewards import known_reward, missing_scopes, tell_storefront
from app.web.auth import admin_identity

FOLDS = {
    "who": (
        *("starts_on", "ends_on", "stock", "member_limit", "member_limit_days"),
        *("tier_ids", "customer_tags"),
    ),
    "orders": ("product_ids", "collection_ids", "combines_with", "code_prefix", "code_days"),
    "words": ("name_en", "detail_en", "name_th", "detail_th", "image_url"),
}
"""The parts of the form that are folded, by their fields."""


def register(blueprint: Blueprint) -> None:
    """Add the form to the admin."""
    blueprint.get("/rewards/new/<type_name>")(new_reward)
    blueprint.post("/rewards/new/<type_name>")(create_reward)
    blueprint.get("/rewards/<int:reward_id>")(reward)
    blueprint.post("/rewards/<int:reward_id>")(save_reward)
    blueprint.post("/rewards/preview/<type_name>")(preview_reward)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Desk:
    """What a reward's form is drawn and read with."""

    session: Session
    program: ProgramRow
    type_name: str
    reward_id: int | None

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.program.iana_timezone)

    def sent(self) -> RewardForm:
        """Return the form as it was sent."""
        form = reward_form_class(self.type_name)()
        offer_tiers(form, tuple(program_tiers(self.session, self.program.id)))
        form.process(formdata=request.form)
        return form

    def filled(self, row: RewardRow | None) -> RewardForm:
        """Return the form of a reward, or of a new one."""
        names = picked_names(self.session, self.program.id)
        variants = picked_variants(self.session, self.program.id)
        offer = row.offer if row else RewardOffer()
        data = offer_data(offer, self.type_name, self.zone, names)
        data |= {"points": row.points, "active": row.active} if row else {"active": True}
        for field in reward_type(self.type_name).fields:
            value = row.config.get(field.name) if row else None
            if field.kind == "variants":
                value = [_variant(number, variants) for number in value or ()]
            # Left out and 0 are the same, and an empty field says it better.
            data[field.name] = value or None
        form = reward_form_class(self.type_name)()
        offer_tiers(form, tuple(program_tiers(self.session, self.program.id)))
        form.process(data=data)
        return form

    def draw(self, form: RewardForm, *, status: int = 200) -> tuple[str, int]:
        """Return the page of the form."""
        preview = None
        if status == 200:
            preview = reward_preview(self.session, self.program, self.type_name, form, self.zone)
        granted = granted_scopes(self.session, admin_identity().shop_id)
        return page(
            "reward.html",
            preview["title"] if preview and self.reward_id else type_title(self.type_name),
            status=status,
            form=form,
            fields=own_fields(form, self.type_name),
            kind=type_title(self.type_name),
            sentence=type_sentence(self.type_name),
            needs=type_needs(self.type_name),
            scopes=missing_scopes(self.type_name, granted),
            reward_id=self.reward_id,
            action=request.path,
            opened=_opened(form),
            preview=preview,
            preview_action=url_for("admin.preview_reward", type_name=self.type_name),
        )

    def save(self, form: RewardForm) -> Response | tuple[str, int]:
        """Save what was sent, or show what is wrong with it."""
        if not form.validate():
            return self.draw(form, status=422)
        try:
            store_reward(
                self.session,
                program_id=self.program.id,
                reward_id=self.reward_id,
                type=self.type_name,
                points=form.points.data or 0,
                config=config_of(form, self.type_name),
                active=bool(form.active.data),
                now=utc_now(),
                offer=offer_of(form, self.zone),
            )
        except InvalidReward as error:
            tell_errors(form, error.field_errors)
            return self.draw(form, status=422)
        note_picked_names(
            self.session,
            program_id=self.program.id,
            names=names_in(form),
            images=images_in(form),
        )
        tell_storefront(self.session)
        return done("rewards", SAVED)


def new_reward(type_name: str) -> tuple[str, int]:
    """Show the empty form of a type of reward."""
    with own_data() as session:
        desk = _desk(session, type_name)
        return desk.draw(desk.filled(None))


def create_reward(type_name: str) -> Response | tuple[str, int]:
    """Add a reward, or show what is wrong with it."""
    with own_data() as session:
        desk = _desk(session, type_name)
        return desk.save(desk.sent())


def reward(reward_id: int) -> tuple[str, int]:
    """Show a reward's form."""
    with own_data() as session:
        row = known_reward(session, reward_id)
        desk = _desk(session, row.type, reward_id)
        return desk.draw(desk.filled(row))


def save_reward(reward_id: int) -> Response | tuple[str, int]:
    """Change a reward, or show what is wrong with it; codes that shoppers hold stay as they are."""
    with own_data() as session:
        row = known_reward(session, reward_id)
        desk = _desk(session, row.type, reward_id)
        return desk.save(desk.sent())


def preview_reward(type_name: str) -> tuple[str, int]:
    """Show the reward as shoppers would see it; nothing is saved."""
    with own_data() as session:
        desk = _desk(session, type_name)
        preview = reward_preview(session, desk.program, type_name, desk.sent(), desk.zone)
        return page("reward_preview.html", "", preview=preview)


def _desk(session: Session, type_name: str, reward_id: int | None = None) -> _Desk:
    if type_name not in reward_types():
        raise NotFound
    program = get_program(session, admin_identity().program_id)
    use_currency(program.currency)
    return _Desk(session=session, program=program, type_name=type_name, reward_id=reward_id)


def _variant(number: int, known: dict[int, PickedVariant]) -> PickedVariantItem:
    found = known.get(number)
    if found is None:
        return PickedVariantItem(id=number, title=str(number))
    return PickedVariantItem(id=number, title=found.title, image=found.image_url or "")


def _opened(form: RewardForm) -> set[str]:
    """Return the folded parts to show open: where something is wrong."""
    return {
        part
        for part, names in FOLDS.items()
        if any(name in form and form[name].errors for name in names)
    }
