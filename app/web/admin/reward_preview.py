"""A reward as an example member would see it in the widget, while its form is filled in."""

from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from app.clock import utc_now
from app.db.queries.picked_items import PickedVariant
from app.db.queries.programs import ProgramRow
from app.db.queries.rewards import RewardRow
from app.domain.contrast import text_on
from app.domain.reward import InvalidReward, reward_type
from app.domain.reward_choice import PointsPick
from app.web.admin.offer_form import offer_of
from app.web.admin.page import reader_locale
from app.web.admin.reward_form import RewardForm, config_of, images_in, names_in
from app.web.panel.reader import Reader, read_member
from app.web.panel.rewards import rewards
from app.web.panel.shelf import Shelf
from app.words.catalogue import words_for

EXAMPLE_STEPS = 12
"""How many steps of a slider the example member can pay."""


def reward_preview(
    session: Session, program: ProgramRow, type_name: str, form: RewardForm, zone: ZoneInfo
) -> dict[str, Any] | None:
    """Return what `regulars-reward-preview` reads, or None while the form cannot be read."""
    points = form.points.data
    # What is kept already was checked when it was saved; only what was sent can be wrong.
    if not points or (form.points.raw_data and not form.validate()):
        return None
    try:
        config = config_of(form, type_name)
        reward_type(type_name).parse(config)
    except InvalidReward:
        return None
    row = RewardRow(
        id=0,
        type=type_name,
        points=points,
        config=config,
        position=0,
        active=True,
        offer=offer_of(form, zone),
    )
    shelf = _shelf(session, program, row, form)
    shown = rewards(shelf)
    if not shown:
        return None
    reward = shown[0]
    colour = str(program.appearance.get("colour", "#1f5f4a"))
    return {
        "title": reward["title"],
        "detail": reward["detail"],
        "colour": colour,
        "on_colour": text_on(colour),
        "redeem": _("Redeem"),
        "choose": _("Choose"),
        "panel": {"rewards": shown},
    }


def _shelf(session: Session, program: ProgramRow, row: RewardRow, form: RewardForm) -> Shelf:
    reader = _example_member(session, program, row)
    images = images_in(form)
    variants = {
        number: PickedVariant(title=name, image_url=images.get((kind, number)))
        for (kind, number), name in names_in(form).items()
        if kind == "variant"
    }
    return Shelf(
        reader=reader,
        taken={},
        subtotal_minor=None,
        variants=variants,
        customer_tags=frozenset(row.offer.customer_tags),
    )


def _example_member(session: Session, program: ProgramRow, row: RewardRow) -> Reader:
    """Return a member who can pay and is in a tier that has the reward."""
    words = words_for(str(reader_locale()))
    reader = read_member(session, program_id=program.id, member_id=None, words=words, now=utc_now())
    pick = reward_type(row.type).pick(row.config, row.points)
    enough = row.points
    if isinstance(pick, PointsPick):
        enough = max(pick.least, row.points * EXAMPLE_STEPS)
    tier_id = row.offer.tier_ids[0] if row.offer.tier_ids else reader.membership.tier_id
    return replace(
        reader,
        standing=replace(reader.standing, available=enough),
        membership=replace(reader.membership, tier_id=tier_id),
        programme=replace(reader.programme, rewards=[row]),
    )
