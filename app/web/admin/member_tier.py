"""What staff do about a member's tier and birthday."""

from flask import Blueprint, request
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from app.clock import utc_now
from app.container import current_container
from app.db.queries.programs import get_program
from app.db.queries.tiers import program_tiers
from app.domain.errors import MemberNotFound
from app.flows.shop_access import vault_of
from app.services.pin_tier import PinEndsTooEarly, TierNotFound, pin_tier, unpin_tier
from app.services.set_birthday import set_birthday
from app.web.admin.members import draw_member
from app.web.admin.page import SAVED, done, own_data
from app.web.admin.pin_form import BirthdayForm, PinForm, UnpinForm, tier_choices
from app.web.auth import admin_identity


def register(blueprint: Blueprint) -> None:
    """Add pinning, unpinning and the birthday to a member's page."""
    blueprint.post("/members/<int:member_id>/pin")(pin)
    blueprint.post("/members/<int:member_id>/unpin")(unpin)
    blueprint.post("/members/<int:member_id>/birthday")(save_birthday)


def pin(member_id: int) -> Response | tuple[str, int]:
    """Give the member a tier, whatever they have earned."""
    identity = admin_identity()
    with own_data() as session:
        program = get_program(session, identity.program_id)
        tiers = program_tiers(session, program.id)
    form = PinForm(formdata=request.form)
    form.tier.choices = tier_choices(tiers)
    if not form.validate():
        return draw_member(member_id, status=422, pin_form=form)
    try:
        with own_data() as session:
            pin_tier(
                session,
                program_id=identity.program_id,
                member_id=member_id,
                tier_id=int(form.tier.data),
                until=form.ends_at(program.iana_timezone),
                note=vault_of(current_container()).encrypt(form.note.data or ""),
                actor=f"staff:{identity.user_id}",
                now=utc_now(),
            )
            _tell_shopify(session)
    except PinEndsTooEarly:
        form.until.errors = [_("Choose today or a later day.")]
        return draw_member(member_id, status=422, pin_form=form)
    except TierNotFound:
        form.tier.errors = [_("This tier is gone: choose another.")]
        return draw_member(member_id, status=422, pin_form=form)
    except MemberNotFound:
        raise NotFound from None
    return done("member", SAVED, member_id=member_id)


def unpin(member_id: int) -> Response | tuple[str, int]:
    """Let the member have the tier that they have earned."""
    identity = admin_identity()
    form = UnpinForm(formdata=request.form)
    if not form.validate():
        return draw_member(member_id, status=422, unpin_form=form)
    try:
        with own_data() as session:
            unpin_tier(
                session,
                program_id=identity.program_id,
                member_id=member_id,
                note=vault_of(current_container()).encrypt(form.note.data or ""),
                actor=f"staff:{identity.user_id}",
                now=utc_now(),
            )
            _tell_shopify(session)
    except MemberNotFound:
        raise NotFound from None
    return done("member", SAVED, member_id=member_id)


def save_birthday(member_id: int) -> Response | tuple[str, int]:
    """Keep the birthday, or forget it."""
    identity = admin_identity()
    form = BirthdayForm(formdata=request.form)
    if not form.validate():
        return draw_member(member_id, status=422, birthday_form=form)
    try:
        with own_data() as session:
            set_birthday(
                session,
                program_id=identity.program_id,
                member_id=member_id,
                birthday=form.month_and_day,
                actor=f"staff:{identity.user_id}",
                now=utc_now(),
            )
    except MemberNotFound:
        raise NotFound from None
    return done("member", SAVED, member_id=member_id)


def _tell_shopify(session: Session) -> None:
    current_container().jobs.enqueue(
        "push_member_metafields", session, program_id=admin_identity().program_id
    )
