"""What staff read of a member's points that expire next."""

from datetime import datetime, time
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm import Session

from app.clock import utc_now
from app.db.queries.memberships import memberships
from app.db.queries.programs import ProgramRow
from app.domain.standing import standing_of
from app.web.admin.page import reader_locale
from app.words.formats import day, whole


def expiry_facts(session: Session, program: ProgramRow, member_id: int) -> list[str]:
    """Return sentences on the points that expire next, and on whether the member is warned."""
    now, locale = utc_now(), reader_locale()
    found = memberships(session, [member_id])[member_id]
    standing = standing_of(found.account, now, program.iana_timezone)
    expiry = standing.next_expiry
    if expiry is None:
        return []
    noon = datetime.combine(expiry.on, time(12), ZoneInfo(program.iana_timezone))
    told = {
        "points": whole(expiry.points, locale),
        "day": day(noon, program.iana_timezone, locale, now=now),
    }
    sentence = ngettext(
        "%(points)s expires on %(day)s", "%(points)s expire on %(day)s", expiry.points, **told
    )
    if standing.expiry_is_near:
        return [_("%(sentence)s: the customer is warned of it.", sentence=sentence)]
    return [f"{sentence}."]
