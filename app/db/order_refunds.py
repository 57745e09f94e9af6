"""The refunds that webhooks announced by themselves, beside those in the orders' snapshots."""

from collections import defaultdict
from collections.abc import Iterable

import orjson
from sqlalchemy.orm import Session

from app.db.bulk import bigints
from app.db.wire import Answer, Trip, one_trip
from app.domain.order_snapshot import Refund, refund_from_json

_ANNOUNCED = """
    select order_id, refund::text from order_refund
    where shop_id = $1::bigint and order_id = any($2::bigint[]) order by order_id, refund_id
"""


def announced_refunds(
    session: Session, shop_id: int, order_ids: Iterable[int]
) -> dict[int, list[Refund]]:
    """Return the refunds that were announced by themselves, by order, in the order of their ids."""
    with one_trip(session) as trip:
        refunds = ask_refunds(trip, shop_id, order_ids)
    return refunds_of(refunds)


def ask_refunds(trip: Trip, shop_id: int, order_ids: Iterable[int]) -> Answer:
    """Ask for what `announced_refunds` returns; see `refunds_of`."""
    return trip.ask(_ANNOUNCED, (shop_id, bigints(order_ids)))


def refunds_of(refunds: Answer) -> dict[int, list[Refund]]:
    """Return the refunds that were asked for, by order."""
    found: dict[int, list[Refund]] = defaultdict(list)
    for order_id, refund in refunds.rows:
        found[order_id].append(refund_from_json(orjson.loads(refund)))
    return found
