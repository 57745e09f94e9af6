"""Reads what members did day by day, and adds what a batch changed in it."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from app.db.bulk import Row, bigints, insert_rows
from app.db.models import TierChange
from app.db.wire import Trip, one_trip, trip_under_way
from app.domain.rulebook import Rulebook
from app.domain.tier_tally import Day, Done, TierMove, TierTally

MEASURE_COLUMNS = {"spend": "spend_minor", "points": "points", "orders": "orders"}
"""Of member_day, by measure."""

_AMOUNTS = {
    measure: f"""
        select member_id, sum({column})::bigint from member_day
        where member_id = any($1::bigint[]) and day >= $2::date group by member_id
    """  # noqa: S608 - columns of our own
    for measure, column in MEASURE_COLUMNS.items()
}
_NEW_DAYS = """
    rows from (unnest($2::bigint[]), unnest($3::date[]), unnest($4::bigint[]),
        unnest($5::bigint[]), unnest($6::bigint[]))
        as new(member_id, day, spend_minor, points, orders)
"""
_ADD = f"""
    insert into member_day (program_id, member_id, day, spend_minor, points, orders)
    select $1::bigint, new.* from {_NEW_DAYS}
    on conflict (member_id, day) do update set
        spend_minor = member_day.spend_minor + excluded.spend_minor,
        points = member_day.points + excluded.points,
        orders = member_day.orders + excluded.orders
"""  # noqa: S608 - parts of our own
# Rows to insert are checked before they turn into updates, and nothing is ever less than nothing.
_TAKE_OFF = f"""
    update member_day old set
        spend_minor = old.spend_minor + new.spend_minor,
        points = old.points + new.points,
        orders = old.orders + new.orders
    from {_NEW_DAYS}
    where old.program_id = $1::bigint and old.member_id = new.member_id and old.day = new.day
"""  # noqa: S608 - parts of our own


def load_tally(
    session: Session, rulebook: Rulebook, member_ids: Iterable[int], now: datetime
) -> TierTally:
    """Return a tally that knows what counts today for each of the members."""
    tally = TierTally(rulebook=rulebook, now=now, amounts={})
    ids = bigints(member_ids)
    with one_trip(session) as trip:
        amounts = trip.ask(_AMOUNTS[rulebook.tier_terms.measure], (ids, tally.first_day))
    tally.amounts.update(amounts.rows)
    return tally


def save_tally(session: Session, tally: TierTally) -> None:
    """Add what changed to members' days, and record who rose; their rows are locked already."""
    program_id = tally.rulebook.program_id
    add_days(session, program_id, tally.changed_days())
    insert_rows(
        session,
        TierChange,
        [change_row(program_id, move, tally.now) for move in tally.moves],
    )


def add_days(session: Session, program_id: int, days: Sequence[tuple[Day, Done]]) -> None:
    """Add what was done, or take it off where it is below zero; sorted by member and day."""
    more = [each for each in days if min(each[1]) >= 0]
    less = [each for each in days if min(each[1]) < 0]
    trip = trip_under_way(session)
    if trip is not None:
        _send(trip, program_id, more, less)
    else:
        with one_trip(session) as trip:
            _send(trip, program_id, more, less)


def change_row(program_id: int, move: TierMove, now: datetime, actor: str = "system") -> Row:
    """Return the row that records a change of a member's tier."""
    old, new = move.old, move.new
    return {
        "program_id": program_id,
        "member_id": move.member_id,
        "from_tier_id": old.id if old else None,
        "from_name": old.name if old else None,
        "to_tier_id": new.id if new else None,
        "to_name": new.name if new else None,
        "rises": (new.rank if new else 0) > (old.rank if old else 0),
        "reason": move.reason,
        "measure": move.measure,
        "at": now,
        "actor": actor,
    }


def _send(
    trip: Trip,
    program_id: int,
    more: Sequence[tuple[Day, Done]],
    less: Sequence[tuple[Day, Done]],
) -> None:
    for sql, days in ((_ADD, more), (_TAKE_OFF, less)):
        if days:
            trip.ask(
                sql,
                (
                    program_id,
                    bigints(member_id for (member_id, _), _ in days),
                    "{" + ",".join(day.isoformat() for (_, day), _ in days) + "}",
                    bigints(done.spend_minor for _, done in days),
                    bigints(done.points for _, done in days),
                    bigints(done.orders for _, done in days),
                ),
            )
