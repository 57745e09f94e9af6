"""Finds orders that were deleted at Shopify without the app being told."""

import time
from collections.abc import Mapping
from datetime import datetime, timedelta

from app.clock import utc_now
from app.container import Container
from app.db.queries.order_versions import recent_orders
from app.flows.reconcile import (
    CHUNK,
    Place,
    Progress,
    award_at,
    begin_pass,
    end_pass,
    find_place,
    log_pass,
    take_in_at,
)
from app.flows.shop_access import runner
from app.services.note_comparison import comparison_advanced
from app.shopify.orders import orders_there

SEEN_BY_ALL = timedelta(days=59)
"""Orders that are younger are seen whatever was granted, so that one unseen is gone."""
CREDIBLE_MAX = 50
"""So many orders in a row do not vanish: rather it is the app that may not see them any more."""


class NotCredible(Exception):
    """Shopify shows none of many orders that it showed before."""


def find_deleted_orders(
    parts: Container, shop_id: int, *, after: int | None = None, budget_s: float | None = None
) -> Progress:
    """Look for known orders of the last two months that are gone at Shopify, or newer there.

    A deleted order changes no more, so that `reconcile_shop` would never meet it. Stops and
    resumes as that does; raises NotCredible when Shopify shows none of many.
    """
    place = find_place(parts, shop_id)
    progress = Progress(left_alone=place.left_alone)
    if progress.left_alone:
        end_pass(parts, place)
        return progress
    ends = None if budget_s is None else time.monotonic() + budget_s
    if after is None:
        begin_pass(parts, place)
    while known := _recent(parts, place, after or 0):
        taken_in, deleted = _look_for(parts, place, known)
        progress.compared += len(known)
        progress.taken_in += taken_in
        progress.deleted += deleted
        after = max(known)
        if ends is not None and time.monotonic() > ends:
            progress.resume_after = after
            return progress
    end_pass(parts, place)
    log_pass("reconcile.deleted_looked_for", place, progress)
    return progress


def _look_for(parts: Container, place: Place, known: Mapping[int, datetime]) -> tuple[int, int]:
    """Return how many of these orders were behind, and how many are gone."""
    there = orders_there(runner(parts, place.shop_id), list(known))
    if not there and len(known) > CREDIBLE_MAX:
        raise NotCredible(f"Shop {place.shop_id} shows none of {len(known)} orders.")
    behind = [order.order_id for order in there if known[order.order_id] < order.updated_at]
    gone = sorted(known.keys() - {order.order_id for order in there})
    taken_in = take_in_at(parts, place, behind) if behind else 0
    with parts.database.tenant(place.tenant) as session:
        if gone:
            award_at(parts, place, session, deleted_order_ids=gone)
        comparison_advanced(
            session,
            shop_id=place.shop_id,
            compared=len(known),
            taken_in=taken_in,
            deleted=len(gone),
            now=utc_now(),
        )
    return taken_in, len(gone)


def _recent(parts: Container, place: Place, after: int) -> dict[int, datetime]:
    since = utc_now() - SEEN_BY_ALL
    with parts.database.tenant(place.tenant) as session:
        return recent_orders(session, place.shop_id, since, after=after, limit=CHUNK)
