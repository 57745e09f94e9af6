"""Notes that Shopify has a redemption's code."""

from datetime import datetime

from sqlalchemy.orm import Session

from app.db.bulk import texts
from app.db.queries.redemptions import REDEMPTION_COLUMNS, RedemptionRow, redemption_of
from app.db.wire import Answer, Trip, one_trip
from app.domain.errors import RedemptionNotOpen
from app.domain.redemption_times import LAPSE_GRACE
from app.domain.ways import WAYS
from app.services.open_redemption import read_redemption

_MADE = f"""
    update redemption set discount_gid = $2::text, state = 'ready', ready_at = $3::timestamptz,
        due_at = case
            when way = any($4::text[]) then null
            when way = any($5::text[]) then expires_at + $6::interval
            else expires_at
        end
    where id = $1::bigint and state = 'held' returning {REDEMPTION_COLUMNS}
"""  # noqa: S608 - the columns are our own
"""When its time is over: what staff do waits for them however long it takes."""
_LOCK = "select 1 from redemption where id = $1::bigint for update"
_KNOWN = f"""
    update redemption set discount_gid = $2::text
    where id = $1::bigint and state not in ('held', 'releasing', 'released')
    returning {REDEMPTION_COLUMNS}
"""  # noqa: S608 - the columns are our own
_BY_STAFF = texts(way.name for way in WAYS.values() if way.used_by == "staff")
_BY_ORDER = texts(way.name for way in WAYS.values() if way.used_by == "order")


def ask_ready(trip: Trip, *, redemption_id: int, discount_gid: str | None, now: datetime) -> Answer:
    """Ask for a held redemption to be made ready: its row, or none where it is not held.

    See `redemption_of`, and `mark_redemption_ready` for what is not held.
    """
    values = (redemption_id, discount_gid, now, _BY_STAFF, _BY_ORDER, LAPSE_GRACE)
    return trip.ask(_MADE, values)


def mark_redemption_ready(
    session: Session, *, redemption_id: int, discount_gid: str | None, now: datetime
) -> RedemptionRow:
    """Make a held redemption ready and return it; one that is ready or used stays as it is.

    Raises RedemptionNotFound, and RedemptionNotOpen when it is being taken back or was released:
    its points are with the member again, or about to be, so the caller withdraws what Shopify made.
    """
    with one_trip(session) as trip:
        made = ask_ready(trip, redemption_id=redemption_id, discount_gid=discount_gid, now=now)
    row = redemption_of(made)
    if row is not None:
        return row
    with one_trip(session) as trip:
        trip.ask(_LOCK, (redemption_id,))
        known = trip.ask(_KNOWN, (redemption_id, discount_gid))
    row = redemption_of(known)
    if row is not None:
        return row
    row = read_redemption(session, redemption_id)
    raise RedemptionNotOpen(redemption_id=redemption_id, state=row.state)
