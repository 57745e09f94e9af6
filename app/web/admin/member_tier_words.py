"""What a member's page says about the tier: the way on, what keeps it, and how it came."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from app.clock import utc_now
from app.container import current_container
from app.db.queries.programs import ProgramRow
from app.db.queries.tier_changes import TierChangeRow, tier_changes
from app.db.queries.tier_standings import no_standing, tier_standings
from app.domain.rulebook import Rulebook
from app.domain.tier_standing import TierStanding
from app.domain.tier_terms import TierMeasure, TierWindow
from app.flows.shop_access import vault_of
from app.services.set_birthday import birthday_of
from app.web.admin.page import reader_locale
from app.words.catalogue import words_for
from app.words.earning import Programme
from app.words.formats import day, minute
from app.words.tiers import measure_text, way_on, what_keeps


@dataclass(frozen=True, slots=True, kw_only=True)
class TierView:
    """A member's tier in finished words."""

    name: str
    is_pinned: bool
    percent: int
    way_on: str
    keeps: str
    counted: str
    """What counts now: "฿1,200 in the last 12 months"."""
    by: str
    """By what tiers are reckoned, for the figure."""
    changes: list[dict[str, str]]
    """when, move, why."""
    birthday: str
    """As day/month; empty when not known."""


def tier_view(
    session: Session, program: ProgramRow, rulebook: Rulebook, member_id: int
) -> TierView:
    """Return where the member stands, by the same reckoning that shoppers see."""
    now, locale = utc_now(), reader_locale()
    standing = tier_standings(session, rulebook, [member_id], now).get(member_id)
    standing = standing or no_standing(rulebook, now)
    programme = Programme(
        currency=program.currency,
        points_name=program.points_name,
        rules=rulebook.newest,
        tiers=rulebook.tiers,
        rewards=(),
        tier_terms=rulebook.tier_terms,
    )
    words = words_for(str(locale))
    amount = measure_text(words, programme, standing.measure, standing.amount)
    birthday = birthday_of(session, member_id)
    return TierView(
        name=standing.current.name if standing.current else _("None"),
        is_pinned=standing.is_pinned,
        percent=standing.percent,
        way_on=way_on(words, programme, standing),
        keeps=_pinned(standing, program.iana_timezone, now)
        if standing.is_pinned
        else what_keeps(words, programme, standing, iana_timezone=program.iana_timezone, now=now),
        counted=_counted(rulebook.tier_terms.window, amount),
        by=_by(rulebook.tier_terms.measure, rulebook.tier_terms.window),
        changes=_changes(tier_changes(session, member_id), program, programme, standing.measure),
        birthday=f"{birthday[1]}/{birthday[0]}" if birthday else "",
    )


def _pinned(standing: TierStanding, iana_timezone: str, now: datetime) -> str:
    if standing.kept_until is None:
        return _("Given by staff, without an end.")
    return _("Given by staff until %(day)s.", day=_shown(standing.kept_until, iana_timezone, now))


def _shown(on: date, iana_timezone: str, now: datetime) -> str:
    noon = datetime.combine(on, time(12), ZoneInfo(iana_timezone))
    return day(noon, iana_timezone, reader_locale(), now=now)


def _counted(window: TierWindow, amount: str) -> str:
    return {
        "rolling": _("%(amount)s in the last 12 months.", amount=amount),
        "calendar": _("%(amount)s this calendar year.", amount=amount),
        "lifetime": _("%(amount)s in all.", amount=amount),
    }[window]


def _by(measure: TierMeasure, window: TierWindow) -> str:
    what = {"spend": _("spend"), "points": _("points earned"), "orders": _("orders")}[measure]
    return {
        "rolling": _("by the %(what)s of 12 months", what=what),
        "calendar": _("by the %(what)s of the year", what=what),
        "lifetime": _("by the %(what)s of all time", what=what),
    }[window]


def _changes(
    rows: Sequence[TierChangeRow], program: ProgramRow, programme: Programme, measure: TierMeasure
) -> list[dict[str, str]]:
    vault = vault_of(current_container())
    none, told = _("None"), []
    for row in rows:
        why = [_reason(row, programme, measure)]
        if row.note is not None:
            why.append(vault.decrypt(row.note))
        told.append(
            {
                "when": minute(row.at, program.iana_timezone, reader_locale()),
                "move": f"{row.from_name or none} → {row.to_name or none}",
                "why": " · ".join(why),
            }
        )
    return told


def _reason(row: TierChangeRow, programme: Programme, measure: TierMeasure) -> str:
    if row.reason in ("reached", "lost") and row.measure is not None:
        words = words_for(str(reader_locale()))
        amount = measure_text(words, programme, measure, row.measure)
        if row.reason == "reached":
            return _("Reached with %(amount)s", amount=amount)
        return _("No longer reached: %(amount)s", amount=amount)
    return {
        "reached": _("Reached"),
        "lost": _("No longer reached"),
        "pinned": _("Given by staff"),
        "unpinned": _("Taken back by staff, or its time was over"),
        "tag": _("By a customer tag"),
        "company": _("By the customer's company"),
        "settings": _("The tiers were changed"),
        "merged": _("Merged with another customer"),
        "backfill": _("By past orders"),
    }[row.reason]
