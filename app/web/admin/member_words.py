"""What a member's page says about a member, in the reader's language."""

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from app.clock import utc_now
from app.container import current_container
from app.db.queries.members import MemberRow
from app.domain.rulebook import Rulebook
from app.flows.shop_access import vault_of
from app.web.admin.expiry_words import expiry_facts
from app.web.admin.home import Figure
from app.web.admin.member_tier_words import TierView
from app.web.admin.page import reader_locale
from app.words.formats import day, whole


def member_title(row: MemberRow) -> str:
    """Return the member's name; without one, their e-mail address or customer number."""
    vault = vault_of(current_container())
    for secret in (row.name, row.email):
        if secret is not None and (text := vault.decrypt(secret)):
            return text
    if row.customer_id is None:
        return _("Customer removed")
    return _("Customer %(number)s", number=row.customer_id)


def member_figures(row: MemberRow, tier: TierView) -> list[Figure]:
    """Return the balances, each in words that staff can repeat to a shopper."""
    locale = reader_locale()
    return [
        _spendable(row),
        Figure(label=_("Pending"), value=whole(row.pending, locale), change=_("not usable yet")),
        Figure(label=_("Held"), value=whole(row.held, locale), change=_("in rewards not used yet")),
        Figure(
            label=_("Tier"),
            value=tier.name,
            change=_("given by staff") if tier.is_pinned else tier.by,
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


def member_facts(session: Session, rulebook: Rulebook, row: MemberRow, tier: TierView) -> list[str]:
    """Return sentences on the member: since when, what counts for the tier, what expires."""
    locale, now = reader_locale(), utc_now()
    since = day(row.joined_at, rulebook.iana_timezone, locale, now=now)
    return [
        _("Member since %(day)s · %(counted)s", day=since, counted=tier.counted),
        *expiry_facts(session, rulebook, row.id),
    ]
