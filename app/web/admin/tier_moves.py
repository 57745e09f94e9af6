"""What new tiers would do to members, in words."""

from dataclasses import dataclass

from flask_babel import gettext as _
from flask_babel import ngettext

from app.services.preview_tiers import Foreseen, TierForecast
from app.web.admin.page import reader_locale
from app.words.formats import whole


@dataclass(frozen=True, slots=True, kw_only=True)
class Moves:
    """Who moves, in finished words."""

    headline: str
    later: str
    """Who goes down once their days of grace are over; empty for nobody."""
    lines: list[dict[str, str]]
    """By tier: tier, now, up, down, then; empty when nobody moves now."""

    @property
    def any(self) -> bool:
        """Whether anybody moves, now or later."""
        return bool(self.lines or self.later)


def tier_moves(foreseen: Foreseen) -> Moves:
    """Return who would move, in words."""
    at_once = foreseen.at_once
    return Moves(
        headline=_headline(at_once.up, at_once.down),
        later=_later(foreseen.later_down, foreseen.grace_days),
        lines=[_line(tier) for tier in at_once.tiers] if at_once.up or at_once.down else [],
    )


def _headline(up: int, down: int) -> str:
    locale = reader_locale()
    if not up and not down:
        return _("Nobody changes tier now.")
    rising = ngettext(
        "%(members)s member moves up", "%(members)s members move up", up, members=whole(up, locale)
    )
    falling = ngettext("%(members)s down", "%(members)s down", down, members=whole(down, locale))
    return _("%(rising)s, %(falling)s.", rising=rising, falling=falling)


def _later(members: int, grace_days: int) -> str:
    if not members:
        return ""
    days = ngettext("%(num)d day", "%(num)d days", grace_days)
    return ngettext(
        "%(members)s member keeps the tier for %(days)s of grace and goes down then, unless it is"
        " reached again.",
        "%(members)s members keep their tier for %(days)s of grace and go down then, unless it is"
        " reached again.",
        members,
        members=whole(members, reader_locale()),
        days=days,
    )


def _line(tier: TierForecast) -> dict[str, str]:
    locale = reader_locale()
    name = tier.name
    if tier.is_new:
        name = _("%(tier)s (new)", tier=name)
    elif tier.goes:
        name = _("%(tier)s (goes)", tier=name)
    return {
        "tier": name,
        "now": whole(tier.members_now, locale),
        "up": whole(tier.moved_up, locale),
        "down": whole(tier.moved_down, locale),
        "then": whole(tier.members_then, locale),
    }
