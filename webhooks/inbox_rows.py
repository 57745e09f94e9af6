"""Events of the inbox as the drain reads and settles them, in plain SQL on the hot path."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum

from sqlalchemy.orm import Session

from app.db.bulk import bigints, texts
from app.db.shop_lock import ask_turn
from app.db.wire import driver_of, one_trip, unanswered

ATTEMPTS_MAX = 6
RETRY_FIRST_S = 15
RETRY_FACTOR = 4
"""Retried after 15 s, 1, 4, 16 and 64 minutes: then somebody has to look."""

READ_DUE = """
    select id, topic, triggered_at, received_at, body from webhook_event
    where shop_id = %s and id > %s and state = 0
        and (next_attempt_at is null or next_attempt_at <= now())
    order by id limit %s
"""

# In one order for all, so that drains that meet do not deadlock.
LOCK_DUE = """
    select id from webhook_event
    where shop_id = $1::bigint and id = any($2::bigint[]) and state = 0
        and (next_attempt_at is null or next_attempt_at <= now())
    order by id for update skip locked
"""

SETTLE = """
    update webhook_event set state = $1::smallint, reason = $2::text, handled_at = now()
    where shop_id = $3::bigint and id = any($4::bigint[])
"""

# The last try leaves the event failed for good; until then it waits, longer each time.
FAIL = """
    update webhook_event event set attempts = attempts + 1, reason = failed.reason,
        state = case when attempts + 1 >= $1::int then 3 else 0 end,
        handled_at = case when attempts + 1 >= $1::int then now() end,
        next_attempt_at = now() + make_interval(secs => $2::float * power($3::float, attempts))
    from unnest($4::bigint[], $5::text[]) as failed(id, reason)
    where event.shop_id = $6::bigint and event.id = failed.id
"""


class State(IntEnum):
    """States of an event; see app.db.models.webhook_event."""

    WAITING = 0
    HANDLED = 1
    ASIDE = 2
    FAILED = 3


@dataclass(frozen=True, slots=True)
class InboxEvent:
    """A webhook as it lies in the inbox."""

    event_id: int
    topic: str
    triggered_at: str
    received_at: datetime
    body: bytes


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of an event."""

    event_id: int
    state: State
    reason: str | None = None


def read_due(session: Session, shop_id: int, after_id: int, limit: int) -> list[InboxEvent]:
    """Return the shop's oldest events past `after_id` that are due; none is locked yet."""
    rows = driver_of(session).execute(READ_DUE, (shop_id, after_id, limit), binary=True)
    return [InboxEvent(*row) for row in rows]


def lock_due(session: Session, shop_id: int, event_ids: Sequence[int]) -> set[int]:
    """Wait for the shop's turn, and lock those of the events that are still due and no one else's.

    Returns their ids.
    """
    with one_trip(session) as trip:
        ask_turn(trip, shop_id)
        due = trip.ask(LOCK_DUE, (shop_id, bigints(event_ids)))
    return {event_id for (event_id,) in due.rows}


def settle(session: Session, shop_id: int, verdicts: Sequence[Verdict]) -> None:
    """Write down what became of events: FAILED ones are tried again later, up to the last try."""
    failed = [verdict for verdict in verdicts if verdict.state is State.FAILED]
    # Nearly all of a batch ends alike, so that one statement by key does for it.
    alike: defaultdict[tuple[int, str | None], list[int]] = defaultdict(list)
    for verdict in verdicts:
        if verdict.state is not State.FAILED:
            alike[int(verdict.state), verdict.reason].append(verdict.event_id)
    with unanswered(session) as trip:
        for (state, reason), event_ids in alike.items():
            trip.ask(SETTLE, (state, reason, shop_id, bigints(event_ids)))
        if failed:
            trip.ask(
                FAIL,
                (
                    ATTEMPTS_MAX,
                    RETRY_FIRST_S,
                    RETRY_FACTOR,
                    bigints([verdict.event_id for verdict in failed]),
                    texts([verdict.reason for verdict in failed]),
                    shop_id,
                ),
            )
