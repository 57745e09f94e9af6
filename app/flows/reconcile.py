"""Compares a shop's orders with Shopify's, and takes in those that the webhooks missed."""

import logging
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice

from app.clock import utc_now
from app.container import Container
from app.db.models import Shop
from app.db.queries.order_versions import order_versions
from app.db.session import Tenant
from app.flows.shop_access import runner
from app.services.award_orders import award_orders
from app.services.note_reconciled import note_reconciled
from app.shopify.orders import ChangedOrder, changed_orders, fetch_orders

logger = logging.getLogger(__name__)

OVERLAP = timedelta(hours=1)
"""Looked at twice: an order may show in Shopify's search a little after it changed."""
CHUNK = 250
BEGINNING = None


@dataclass(slots=True, kw_only=True)
class Progress:
    """How far a pass over a shop's orders has come."""

    compared: int = 0
    taken_in: int = 0
    resume_from: datetime | None = None
    """Where the next part has to begin; None: the pass is complete."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    shop_id: int
    program_id: int
    reconciled_through: datetime | None
    usable: bool


def reconcile_shop(
    parts: Container,
    shop_id: int,
    *,
    resume_from: datetime | None = None,
    budget_s: float | None = None,
    on_progress: Callable[[Progress], None] | None = None,
) -> Progress:
    """Compare the orders that changed since the last pass, the first pass all of them.

    Only orders that are unknown here, or known in an older state, are fetched; they are taken in
    as webhooks are. With `budget_s`, stops after so many seconds and says where to go on. Raises
    app.shopify.errors when Shopify does not answer; what was compared until then stays noted.
    """
    place = _find(parts, shop_id)
    progress = Progress()
    if not place.usable:
        return progress
    started = utc_now()
    ends = None if budget_s is None else time.monotonic() + budget_s
    changes = changed_orders(runner(parts, shop_id), resume_from or _since(place), started)
    for chunk in _chunks(changes):
        progress.taken_in += _compare(parts, place, chunk)
        progress.compared += len(chunk)
        _note(parts, place, chunk[-1].updated_at)
        if on_progress is not None:
            on_progress(progress)
        if ends is not None and time.monotonic() > ends:
            progress.resume_from = chunk[-1].updated_at
            return progress
    _note(parts, place, started)
    logger.info(
        "reconcile.done",
        extra={
            "fields": {
                "shop_id": shop_id,
                "compared": progress.compared,
                "taken_in": progress.taken_in,
            }
        },
    )
    return progress


def take_in(parts: Container, shop_id: int, order_ids: Sequence[int]) -> None:
    """Fetch these orders and take them in, by the path that webhooks take."""
    place = _find(parts, shop_id)
    if place.usable:
        _take_in(parts, place, order_ids)


def _compare(parts: Container, place: _Place, chunk: Sequence[ChangedOrder]) -> int:
    """Take in those of the chunk that are behind; return how many."""
    with parts.database.tenant(_tenant(place)) as session:
        known = order_versions(session, place.shop_id, (order.order_id for order in chunk))
    behind = [
        order.order_id
        for order in chunk
        if order.order_id not in known or known[order.order_id] < order.updated_at
    ]
    if behind:
        _take_in(parts, place, behind)
    return len(behind)


def _take_in(parts: Container, place: _Place, order_ids: Sequence[int]) -> None:
    fetched = fetch_orders(runner(parts, place.shop_id), list(order_ids))
    snapshots = [snapshot for snapshot in fetched if not snapshot.test]
    if not snapshots:
        return
    with parts.database.tenant(_tenant(place)) as session:
        result = award_orders(
            session,
            shop_id=place.shop_id,
            program_id=place.program_id,
            snapshots=snapshots,
            now=utc_now(),
            ledger_key=parts.settings.ledger_key,
            fetched=True,
        )
        parts.jobs.enqueue("push_member_metafields", session, program_id=place.program_id)
        if result.facts_wanted:
            parts.jobs.enqueue("fetch_order_facts", session, shop_id=place.shop_id)


def _since(place: _Place) -> datetime | None:
    if place.reconciled_through is None:
        return BEGINNING
    return place.reconciled_through - OVERLAP


def _note(parts: Container, place: _Place, through: datetime) -> None:
    with parts.database.tenant(_tenant(place)) as session:
        note_reconciled(session, shop_id=place.shop_id, through=through)


def _find(parts: Container, shop_id: int) -> _Place:
    with parts.database.tenant(Tenant(shop_id=shop_id)) as session:
        shop = session.get_one(Shop, shop_id)
        return _Place(
            shop_id=shop.id,
            program_id=shop.program_id,
            reconciled_through=shop.reconciled_through,
            usable=shop.uninstalled_at is None and not shop.must_reopen,
        )


def _tenant(place: _Place) -> Tenant:
    return Tenant(program_id=place.program_id, shop_id=place.shop_id)


def _chunks(changes: Iterator[ChangedOrder]) -> Iterator[list[ChangedOrder]]:
    while chunk := list(islice(changes, CHUNK)):
        yield chunk
