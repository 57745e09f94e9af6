"""What a comparison of rules came to, in the reader's words."""

from dataclasses import dataclass
from datetime import timedelta

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm import Session

from app.clock import utc_now
from app.db.queries.members import members_by_ids
from app.db.queries.programs import ProgramRow
from app.db.queries.rule_comparisons import ComparedMember, ComparisonRow
from app.domain.order_facts import asks_for_facts
from app.domain.point_value import PointValue
from app.domain.program_rules import differ_after_earning
from app.web.admin.home import Figure
from app.web.admin.member_words import member_title
from app.web.admin.page import reader_locale, reckoned
from app.words.formats import day, money, signed, whole


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberLine:
    """One member's part, finished."""

    member_id: int
    name: str
    orders: str
    live: str
    draft: str
    difference: str


def comparison_figures(row: ComparisonRow, currency: str, value: PointValue | None) -> list[Figure]:
    """Return the totals: points by both rules, the difference with its worth, who is affected."""
    locale = reader_locale()
    difference = row.draft_points - row.live_points
    return [
        Figure(
            label=_("Points by the live rules"),
            value=whole(row.live_points, locale),
            change=_worth(row.live_points, currency, value),
        ),
        Figure(
            label=_("Points by the draft"),
            value=whole(row.draft_points, locale),
            change=_worth(row.draft_points, currency, value),
        ),
        Figure(
            label=_("Difference"),
            value=signed(difference, locale),
            change=_worth(difference, currency, value),
        ),
        Figure(
            label=_("Members who gain"),
            value=whole(row.members_gaining, locale),
            change=_("%(number)s lose", number=whole(row.members_losing, locale)),
        ),
        Figure(
            label=_("Members for whom nothing changes"),
            value=whole(row.members_same, locale),
            change=_("of those with orders that earn"),
        ),
    ]


def period_words(row: ComparisonRow, program: ProgramRow) -> str:
    """Return which orders were reckoned: "1,204 orders from 23 Nov 2025 to 22 Nov"."""
    locale, now, zone = reader_locale(), utc_now(), program.iana_timezone
    return ngettext(
        "%(orders)s order from %(first)s to %(last)s",
        "%(orders)s orders from %(first)s to %(last)s",
        row.orders_total,
        orders=whole(row.orders_total, locale),
        first=day(row.since, zone, locale, now=now),
        last=day(row.until - timedelta(microseconds=1), zone, locale, now=now),
    )


def reckoned_words(row: ComparisonRow, program: ProgramRow) -> str:
    """Return when it was reckoned, against which rules, and with what."""
    when = _(
        "Reckoned %(time)s against version %(number)s of the rules: each order as it stands, with"
        " the tier it was first reckoned with.",
        time=reckoned(program.iana_timezone, row.reckoned_at),
        number=row.live_number,
    )
    if not (asks_for_facts(row.live_rules) or asks_for_facts(row.draft_rules)):
        return when
    now = _("Tags and collections count as they are now where an order has not kept them.")
    return f"{when} {now}"


def apart_words(row: ComparisonRow) -> str:
    """Return what of the draft the figures do not show, nothing if they show all of it."""
    if not differ_after_earning(row.live_rules, row.draft_rules):
        return ""
    return _(
        "The draft also changes what becomes of points once they are earned: when they can be used,"
        " when they end, or what refunds and unused codes do to them. These figures are of points"
        " earned, which that does not change."
    )


def member_lines(session: Session, rows: list[ComparedMember]) -> list[MemberLine]:
    """Return the members with their names, in the order given."""
    locale = reader_locale()
    members = members_by_ids(session, [row.member_id for row in rows])
    return [
        MemberLine(
            member_id=row.member_id,
            name=member_title(members[row.member_id]),
            orders=whole(row.orders, locale),
            live=whole(row.live_points, locale),
            draft=whole(row.draft_points, locale),
            difference=signed(row.draft_points - row.live_points, locale),
        )
        for row in rows
    ]


def _worth(points: int, currency: str, value: PointValue | None) -> str:
    if value is None:
        return ""
    amount = money(abs(value.of(points)), currency, reader_locale())
    if points < 0:
        return _("worth %(amount)s less", amount=amount)
    return _("worth %(amount)s", amount=amount)
