"""The example that the widget's preview is drawn from: an invented member, the real rewards."""

from typing import Any

from flask_babel import gettext as _

from app.db.queries.programs import ProgramRow
from app.db.queries.rewards import RewardRow, program_rewards
from app.domain.contrast import text_on
from app.domain.program_defaults import round_unit_minor
from app.web.admin.page import own_data, reader_locale
from app.web.admin.reward_words import reward_detail, reward_title
from app.web.admin.widget_form import WidgetForm
from app.words.formats import money, points_unit, whole
from app.words.rewards import reward_icon

EXAMPLE_POINTS = 160


def widget_preview(form: WidgetForm, program: ProgramRow) -> dict[str, Any]:
    """Return what `regulars-widget-preview` reads, with the looks of `form`."""
    colour = str(form.colour.data)
    with own_data() as session:
        rewards = program_rewards(session, program.id, offered_only=True)
    return {
        "colour": colour,
        "on_colour": text_on(colour),
        "icon": form.icon.data,
        "corner": form.corner.data,
        "greeting": _("Hi Mali"),
        "redeem": _("Redeem"),
        "choose": _("Choose"),
        "panel": {
            "balance": _balance(program),
            "tier": _tier(program),
            "rewards": [_reward(reward, program) for reward in rewards],
        },
    }


def _balance(program: ProgramRow) -> dict[str, object]:
    locale = reader_locale()
    return {
        "text": whole(EXAMPLE_POINTS, locale),
        "unit": points_unit(EXAMPLE_POINTS, program.points_name, locale),
        "notes": [_("An example member")],
    }


def _tier(program: ProgramRow) -> dict[str, object]:
    missing = money(120 * round_unit_minor(program.currency), program.currency, reader_locale())
    return {
        "name": "Bronze",
        "next": "Silver",
        "percent": 60,
        "remaining": _("%(amount)s to %(tier)s", amount=missing, tier="Silver"),
    }


def _reward(reward: RewardRow, program: ProgramRow) -> dict[str, object]:
    missing = reward.points - EXAMPLE_POINTS
    return {
        "id": str(reward.id),
        "title": reward_title(reward.type, reward.config, program),
        "detail": reward_detail(reward.type, reward.config, reward.points, program),
        "icon": reward_icon(reward.type, reward.config),
        "state": "available" if missing <= 0 else "short",
        "reason": _("%(points)s to go", points=whole(max(missing, 0), reader_locale())),
    }
