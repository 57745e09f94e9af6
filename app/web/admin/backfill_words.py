"""What the page of past orders says of reading, granting and comparing, in the reader's words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from flask_babel import gettext as _
from flask_babel import ngettext

from app.clock import utc_now
from app.db.queries.backfills import BackfillRow
from app.db.queries.history_imports import ImportRow
from app.db.queries.programs import ProgramRow
from app.db.queries.reconciliations import ComparisonPass
from app.domain.program_rules import ProgramRules
from app.web.admin.home import Figure
from app.web.admin.page import reader_locale
from app.words.formats import day, minute, money, points_text, whole

STUCK_AFTER = timedelta(minutes=10)
"""A comparison that has said nothing for so long was interrupted; the next one begins anew."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far something has come."""

    done: int
    total: int
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TierLine:
    """What the members of one tier would get, finished."""

    name: str
    members: str
    points: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EarlierLine:
    """One back-fill that granted points, finished."""

    when: str
    period: str
    orders: str
    points: str
    by: str


def reading_progress(row: ImportRow) -> Progress:
    """Return how far the reading of the history has come."""
    locale = reader_locale()
    if row.state == "reading":
        done, total = whole(row.orders_read, locale), whole(row.orders_told, locale)
        text = _("%(done)s of %(total)s orders", done=done, total=total)
        return Progress(done=row.orders_read, total=row.orders_told, text=text)
    told = whole(row.orders_told, locale)
    return Progress(done=0, total=0, text=_("Shopify has found %(orders)s so far", orders=told))


def reading_result(row: ImportRow, program: ProgramRow) -> str:
    """Return what a finished reading came to: "1,204 orders, the oldest of 3 Feb 2024."."""
    locale = reader_locale()
    if row.oldest_order_at is None:
        return _("There were no orders before the app was installed.")
    oldest = day(row.oldest_order_at, program.iana_timezone, locale, now=utc_now())
    return ngettext(
        "%(orders)s order was read, of %(oldest)s.",
        "%(orders)s orders were read, the oldest of %(oldest)s.",
        row.orders_read,
        orders=whole(row.orders_read, locale),
        oldest=oldest,
    )


def step_progress(row: BackfillRow) -> Progress:
    """Return how far reckoning or granting has come."""
    locale = reader_locale()
    # While it is granted, orders may be found that the preview did not know.
    total = max(row.orders_total, row.orders_done)
    done = whole(row.orders_done, locale)
    text = _("%(done)s of %(total)s orders", done=done, total=whole(total, locale))
    return Progress(done=row.orders_done, total=total, text=text if total else "")


def cost_figures(row: BackfillRow, program: ProgramRow) -> list[Figure]:
    """Return what a preview comes to: orders, members, points and their worth."""
    locale = reader_locale()
    figures = [
        Figure(
            label=_("Orders that earn"),
            value=whole(row.orders, locale),
            change=_("of %(total)s since that day", total=whole(row.orders_total, locale)),
        ),
        Figure(
            label=_("Members who get points"),
            value=whole(row.members, locale),
            change=_average(row, program),
        ),
        Figure(
            label=_("Points"),
            value=whole(row.points, locale),
            change=_("on top of what members have"),
        ),
    ]
    if row.value_minor is not None:
        figures.append(
            Figure(
                label=_("Worth at most"),
                value=money(row.value_minor, program.currency, locale),
                change=_("by what your rewards give for points"),
            )
        )
    return figures


def tier_lines(row: BackfillRow) -> list[TierLine]:
    """Return what the members of each tier would get, the highest tier first."""
    locale = reader_locale()
    return [
        TierLine(
            name=tier["name"] or _("No tier"),
            members=whole(tier["members"], locale),
            points=whole(tier["points"], locale),
        )
        for tier in row.tiers
    ]


def result_figures(row: BackfillRow, program: ProgramRow) -> list[Figure]:
    """Return what was granted."""
    locale = reader_locale()
    return [
        Figure(
            label=_("Orders that earned"),
            value=whole(row.orders_granted, locale),
            change=_("of %(total)s in the preview", total=whole(row.orders, locale)),
        ),
        Figure(
            label=_("Points given"),
            value=whole(row.points_granted, locale),
            change=_("of %(total)s in the preview", total=whole(row.points, locale)),
        ),
    ]


def _average(row: BackfillRow, program: ProgramRow) -> str:
    """Return what a member gets on average: "85 petals each on average"."""
    if not row.members:
        return ""
    points = points_text(row.points // row.members, program.points_name, reader_locale())
    return _("%(points)s each on average", points=points)


def cost_sentence(row: BackfillRow, program: ProgramRow) -> str:
    """Return what a confirmation gives to whom: "170 petals to 2 members"."""
    locale = reader_locale()
    return ngettext(
        "%(points)s to %(members)s member",
        "%(points)s to %(members)s members",
        row.members,
        points=points_text(row.points, program.points_name, locale),
        members=whole(row.members, locale),
    )


def waiting_sentence(rules: ProgramRules) -> str:
    """Return when granted points can be used."""
    if not rules.pending_days:
        return _("The points can be used at once.")
    return ngettext(
        "The points can be used at once; those of orders paid less than %(num)d day ago wait as always.",
        "The points can be used at once; those of orders paid less than %(num)d days ago wait as always.",
        rules.pending_days,
    )


def reckoned_sentence(row: BackfillRow, program: ProgramRow) -> str:
    """Return for which orders and when a preview was reckoned."""
    locale, zone = reader_locale(), program.iana_timezone
    return _(
        "Orders from %(since)s until earning began on %(until)s, reckoned at %(time)s by the rules that were in force first.",
        since=day(row.since, zone, locale, now=utc_now()),
        until=day(row.until, zone, locale, now=utc_now()),
        time=minute(row.reckoned_at or row.requested_at, zone, locale),
    )


def earlier_lines(rows: Sequence[BackfillRow], program: ProgramRow) -> list[EarlierLine]:
    """Return the back-fills that granted something."""
    locale, zone, now = reader_locale(), program.iana_timezone, utc_now()
    return [
        EarlierLine(
            when=minute(row.finished_at or row.requested_at, zone, locale),
            period=_("since %(day)s", day=day(row.since, zone, locale, now=now)),
            orders=whole(row.orders_granted, locale),
            points=whole(row.points_granted, locale),
            by=_staff(row.confirmed_by or row.asked_by),
        )
        for row in rows
    ]


def _staff(actor: str) -> str:
    """Return who confirmed it: Shopify tells the app no names of staff."""
    return _("Staff member %(number)s", number=actor.rpartition(":")[2])


def is_comparing(found: ComparisonPass | None) -> bool:
    """Return whether a comparison is under way."""
    if found is None or found.finished_at is not None:
        return False
    return utc_now() - found.started_at < STUCK_AFTER


def compared_sentences(found: ComparisonPass | None, program: ProgramRow) -> list[str]:
    """Return what the last comparison came to, and what all of them found."""
    if found is None:
        return [_("Not compared yet.")]
    locale, zone = reader_locale(), program.iana_timezone
    sentences = [
        _(
            "Compared at %(time)s. Changed since the time before: %(compared)s. Missed, and taken in now: %(missed)s.",
            time=minute(found.finished_at or found.started_at, zone, locale),
            compared=whole(found.compared, locale),
            missed=whole(found.taken_in + found.deleted, locale),
        )
    ]
    if found.last_missed_at is not None:
        sentences.append(
            _(
                "Missed since the app was installed: %(missed)s, last found at %(time)s.",
                missed=whole(found.missed_in_all, locale),
                time=minute(found.last_missed_at, zone, locale),
            )
        )
    return sentences
