"""What staff read of a member's points that expire next."""

from datetime import datetime, time
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm import Session

from app.clock import utc_now
from app.db.queries.memberships import membership
from app.domain.rulebook import Rulebook
from app.domain.standing import standing_of
from app.web.admin.page import reader_locale
from app.words.formats import day, whole


def expiry_facts(session: Session, rulebook: Rulebook, member_id: int) -> list[str]:
    """Return sentences on the points that expire next, and on whether the member is warned."""
    now, locale, iana_timezone = utc_now(), reader_locale(), rulebook.iana_timezone
    found = membership(session, member_id, rulebook.expiry_terms, now)
    standing = standing_of(found.account, now, iana_timezone) if found else None
    if standing is None or standing.next_expiry is None:
        return []
    expiry = standing.next_expiry
    noon = datetime.combine(expiry.on, time(12), ZoneInfo(iana_timezone))
    told = {
        "points": whole(expiry.points, locale),
        "day": day(noon, iana_timezone, locale, now=now),
    }
    sentence = ngettext(
        "%(points)s expires on %(day)s", "%(points)s expire on %(day)s", expiry.points, **told
    )
    if standing.expiry_is_near:
        return [_("%(sentence)s: the customer is warned of it.", sentence=sentence)]
    return [f"{sentence}."]
