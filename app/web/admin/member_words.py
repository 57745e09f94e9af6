"""What a member's page says about a member, in the reader's language."""

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from app.clock import utc_now
from app.container import current_container
from app.db.queries.members import MemberRow, spend_since
from app.db.queries.programs import ProgramRow
from app.db.queries.tiers import program_tiers
from app.domain.tiers import progress, window_start
from app.flows.shop_access import vault_of
from app.web.admin.expiry_words import expiry_facts
from app.web.admin.home import Figure
from app.web.admin.page import reader_locale
from app.words.formats import day, money, whole


def member_title(row: MemberRow) -> str:
    """Return the member's name; without one, their e-mail address or customer number."""
    vault = vault_of(current_container())
    for secret in (row.name, row.email):
        if secret is not None and (text := vault.decrypt(secret)):
            return text
    if row.customer_id is None:
        return _("Customer removed")
    return _("Customer %(number)s", number=row.customer_id)


def member_figures(row: MemberRow) -> list[Figure]:
    """Return the balances, each in words that staff can repeat to a shopper."""
    locale = reader_locale()
    return [
        _spendable(row),
        Figure(label=_("Pending"), value=whole(row.pending, locale), change=_("not usable yet")),
        Figure(label=_("Held"), value=whole(row.held, locale), change=_("in codes not used yet")),
        Figure(
            label=_("Tier"),
            value=row.tier_name or _("None"),
            change=_("by the spend of 12 months"),
        ),
    ]


def _spendable(row: MemberRow) -> Figure:
    """Return what can be used, or what is owed as shoppers read it: without a minus."""
    locale = reader_locale()
    if row.available < 0:
        owed = whole(-row.available, locale)
        return Figure(label=_("Owed"), value=owed, change=_("filled by the next points"))
    return Figure(
        label=_("Available"), value=whole(row.available, locale), change=_("can be used now")
    )


def member_facts(session: Session, program: ProgramRow, row: MemberRow) -> list[str]:
    """Return sentences on the member: since when, the spend of 12 months, the next tier."""
    locale, now = reader_locale(), utc_now()
    spend = spend_since(session, row.id, window_start(now))
    levels = program_tiers(session, program.id)
    way = progress(levels, spend, row.tier_id)
    facts = [
        _(
            "Member since %(day)s. Spent %(amount)s in the last 12 months.",
            day=day(row.joined_at, program.iana_timezone, locale, now=now),
            amount=money(spend, program.currency, locale),
        )
    ]
    facts += expiry_facts(session, program, row.id)
    if way.next is not None:
        missing = money(way.remaining_minor, program.currency, locale)
        facts.append(_("%(amount)s to %(tier)s.", amount=missing, tier=way.next.name))
    return facts
