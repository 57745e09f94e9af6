"""Compares a shop's orders with Shopify's, and takes in those that the webhooks missed."""

import logging
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from typing import Literal

from sqlalchemy.orm import Session

from app.clock import utc_now
from app.container import Container
from app.db.models import Shop
from app.db.queries.history_imports import open_import
from app.db.queries.order_versions import order_versions
from app.db.session import Tenant
from app.domain.order_snapshot import OrderSnapshot
from app.flows.shop_access import runner
from app.services.award_orders import award_orders
from app.services.note_comparison import (
    comparison_advanced,
    comparison_began,
    comparison_ended,
)
from app.services.note_reconciled import note_reconciled
from app.shopify.orders import ChangedOrder, changed_orders, fetch_orders

logger = logging.getLogger(__name__)

OVERLAP = timedelta(hours=1)
"""Looked at twice: an order may show in Shopify's search a little after it changed."""
CHUNK = 250
BEGINNING = None
LeftAlone = Literal["being_read", "not_usable"]
"""Why nothing was compared: the shop's past is not known yet, or its Admin API cannot be asked."""


@dataclass(slots=True, kw_only=True)
class Progress:
    """How far a pass over a shop's orders has come."""

    compared: int = 0
    taken_in: int = 0
    deleted: int = 0
    resume_from: datetime | None = None
    """Where the next part has to begin; None: the pass is complete."""
    resume_after: int | None = None
    """The same for a pass that looks for deleted orders: the order looked at last."""
    left_alone: LeftAlone | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A shop whose orders are compared."""

    shop_id: int
    program_id: int
    reconciled_through: datetime | None
    usable: bool
    """Whether the shop's Admin API can be asked."""
    being_read: bool
    """Its past is not known yet."""

    @property
    def left_alone(self) -> LeftAlone | None:
        """Why no pass can be made now."""
        if not self.usable:
            return "not_usable"
        return "being_read" if self.being_read else None

    @property
    def tenant(self) -> Tenant:
        """Whose rows they are."""
        return Tenant(program_id=self.program_id, shop_id=self.shop_id)


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
    While the shop's past is being read there is nothing to compare with yet.
    """
    place = find_place(parts, shop_id)
    progress = Progress(left_alone=place.left_alone)
    if progress.left_alone:
        end_pass(parts, place)
        return progress
    started = utc_now()
    ends = None if budget_s is None else time.monotonic() + budget_s
    if resume_from is None:
        begin_pass(parts, place)
    changes = changed_orders(runner(parts, shop_id), resume_from or _since(place), started)
    for chunk in _chunks(changes):
        taken_in = _compare(parts, place, chunk)
        progress.taken_in += taken_in
        progress.compared += len(chunk)
        _note(parts, place, chunk[-1].updated_at, compared=len(chunk), taken_in=taken_in)
        if on_progress is not None:
            on_progress(progress)
        if ends is not None and time.monotonic() > ends:
            progress.resume_from = chunk[-1].updated_at
            return progress
    end_pass(parts, place, through=started)
    log_pass("reconcile.done", place, progress)
    return progress


def take_in(parts: Container, shop_id: int, order_ids: Sequence[int]) -> None:
    """Fetch these orders and take them in, by the path that webhooks take."""
    place = find_place(parts, shop_id)
    if place.usable:
        take_in_at(parts, place, order_ids)


def _compare(parts: Container, place: Place, chunk: Sequence[ChangedOrder]) -> int:
    """Take in those of the chunk that are behind; return how many."""
    with parts.database.tenant(place.tenant) as session:
        known = order_versions(session, place.shop_id, (order.order_id for order in chunk))
    behind = [
        order.order_id
        for order in chunk
        if order.order_id not in known or known[order.order_id] < order.updated_at
    ]
    return take_in_at(parts, place, behind) if behind else 0


def take_in_at(parts: Container, place: Place, order_ids: Sequence[int]) -> int:
    """Fetch and take these orders in as they stand; return how many, tests left out."""
    fetched = fetch_orders(runner(parts, place.shop_id), list(order_ids))
    snapshots = [snapshot for snapshot in fetched if not snapshot.test]
    if snapshots:
        with parts.database.tenant(place.tenant) as session:
            award_at(parts, place, session, snapshots=snapshots, fetched=True)
    return len(snapshots)


def award_at(
    parts: Container,
    place: Place,
    session: Session,
    *,
    snapshots: Sequence[OrderSnapshot] = (),
    deleted_order_ids: Sequence[int] = (),
    fetched: bool = False,
) -> None:
    """Take order states in, and have done what follows from them."""
    result = award_orders(
        session,
        shop_id=place.shop_id,
        program_id=place.program_id,
        snapshots=snapshots,
        deleted_order_ids=deleted_order_ids,
        fetched=fetched,
        now=utc_now(),
        ledger_key=parts.settings.ledger_key,
    )
    parts.jobs.enqueue("push_member_metafields", session, program_id=place.program_id)
    if result.facts_wanted:
        parts.jobs.enqueue("fetch_order_facts", session, shop_id=place.shop_id)


def _since(place: Place) -> datetime | None:
    if place.reconciled_through is None:
        return BEGINNING
    return place.reconciled_through - OVERLAP


def begin_pass(parts: Container, place: Place) -> None:
    """Note that a pass begins."""
    with parts.database.tenant(place.tenant) as session:
        comparison_began(session, shop_id=place.shop_id, now=utc_now())


def _note(
    parts: Container, place: Place, through: datetime, *, compared: int, taken_in: int
) -> None:
    with parts.database.tenant(place.tenant) as session:
        note_reconciled(session, shop_id=place.shop_id, through=through)
        comparison_advanced(
            session,
            shop_id=place.shop_id,
            compared=compared,
            taken_in=taken_in,
            now=utc_now(),
        )


def end_pass(parts: Container, place: Place, through: datetime | None = None) -> None:
    """Note that a pass is over, and through when orders are known then."""
    with parts.database.tenant(place.tenant) as session:
        if through is not None:
            note_reconciled(session, shop_id=place.shop_id, through=through)
        comparison_ended(session, shop_id=place.shop_id, now=utc_now())


def log_pass(what: str, place: Place, progress: Progress) -> None:
    """Say in the log what a pass came to."""
    fields = {
        "shop_id": place.shop_id,
        "compared": progress.compared,
        "taken_in": progress.taken_in,
        "deleted": progress.deleted,
    }
    logger.info(what, extra={"fields": fields})


def find_place(parts: Container, shop_id: int) -> Place:
    """Return what passes need to know of a shop."""
    with parts.database.tenant(Tenant(shop_id=shop_id)) as session:
        shop = session.get_one(Shop, shop_id)
        works = shop.uninstalled_at is None and not shop.must_reopen
        return Place(
            shop_id=shop.id,
            program_id=shop.program_id,
            reconciled_through=shop.reconciled_through,
            usable=works,
            being_read=shop.reconciled_through is None
            and open_import(session, shop_id) is not None,
        )


def _chunks(changes: Iterator[ChangedOrder]) -> Iterator[list[ChangedOrder]]:
    while chunk := list(islice(changes, CHUNK)):
        yield chunk
