"""Handles a batch of events: each is translated by its topic, then services take sets of them."""

import logging
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from app.db.rulebook import load_tiers
from app.domain.order_snapshot import OrderSnapshot, Refund
from app.services.award_orders import award_orders
from app.services.enrol_customers import CustomerState, enrol_customers
from app.services.want_customer_marks import want_customer_marks
from app.shopify.order_payload import moment
from webhooks.inbox_rows import InboxEvent, State, Verdict
from webhooks.packing import unpack
from webhooks.payloads import NO_JSON, read_payload
from webhooks.topic import (
    Call,
    CustomerSeen,
    Event,
    MarksChanged,
    OrderChanged,
    OrderGone,
    OrderSeen,
    Outcome,
    RefundSeen,
    Scope,
    SetAside,
)
from webhooks.topics import topics

logger = logging.getLogger(__name__)

MALFORMED = "malformed_json"
UNKNOWN_TOPIC = "unknown_topic"

TRANSIENT = frozenset({"40001", "40P01", "55P03", "57014", "57P01"})
"""SQL states of a batch that fails for reasons outside it: it is tried again as a whole."""


@dataclass(frozen=True, slots=True)
class Translated:
    """An event and what is to be done for it."""

    event_id: int
    outcome: Outcome


@dataclass(slots=True)
class Batch:
    """Events that were read: what is decided already, and what services have to do."""

    verdicts: list[Verdict] = field(default_factory=list)
    translated: list[Translated] = field(default_factory=list)

    def only(self, event_ids: Collection[int]) -> "Batch":
        """Return the part of the batch that these events are."""
        return Batch(
            [verdict for verdict in self.verdicts if verdict.event_id in event_ids],
            [event for event in self.translated if event.event_id in event_ids],
        )


@dataclass(slots=True)
class Report:
    """What became of a batch, and which orders have to be fetched."""

    verdicts: list[Verdict] = field(default_factory=list)
    fetch_order_ids: set[int] = field(default_factory=set)
    facts_wanted: bool = False
    """Orders wait for what their payloads do not tell."""
    marks_wanted: bool = False
    """Tags or companies of customers changed that a tier may ask for."""

    def add(self, other: "Report") -> None:
        """Take in what became of a part of the batch."""
        self.verdicts += other.verdicts
        self.fetch_order_ids |= other.fetch_order_ids
        self.facts_wanted |= other.facts_wanted
        self.marks_wanted |= other.marks_wanted


@dataclass(slots=True)
class _Run:
    """Events that go to the services together, as their order among themselves does not matter."""

    event_ids: list[int] = field(default_factory=list)
    snapshots: list[OrderSnapshot] = field(default_factory=list)
    refunds: list[tuple[int, Refund]] = field(default_factory=list)
    deleted_order_ids: list[int] = field(default_factory=list)
    customers: list[CustomerState] = field(default_factory=list)
    marks: list[MarksChanged] = field(default_factory=list)
    fetch_order_ids: set[int] = field(default_factory=set)


def translate(events: Sequence[InboxEvent], scope: Scope) -> Batch:
    """Return what is to be done for each event; the database is not touched."""
    batch = Batch()
    for event in events:
        outcome = _translate(event, scope)
        if isinstance(outcome, Verdict):
            batch.verdicts.append(outcome)
        elif isinstance(outcome, SetAside):
            batch.verdicts.append(Verdict(event.event_id, State.ASIDE, outcome.reason))
        else:
            batch.translated.append(Translated(event.event_id, outcome))
    return batch


def apply(session: Session, scope: Scope, events: Sequence[Translated]) -> Report:
    """Return what became of `events`, all of which are handled in the caller's transaction.

    An event that fails costs only itself: the batch is halved inside savepoints until it stands
    alone. Raises DBAPIError when the whole batch has to be tried again.
    """
    if not events:
        return Report()
    try:
        with session.begin_nested():
            return _apply(session, scope, events)
    except Exception as error:
        if _is_transient(error):
            raise
        if len(events) == 1:
            return Report([_failed(events[0].event_id, error)])
    middle = len(events) // 2
    report = apply(session, scope, events[:middle])
    report.add(apply(session, scope, events[middle:]))
    return report


def _translate(event: InboxEvent, scope: Scope) -> Outcome | Verdict:
    topic = topics().get(event.topic)
    if topic is None:
        return SetAside(UNKNOWN_TOPIC)
    try:
        payload = read_payload(event.topic, unpack(event.body))
    except NO_JSON:
        return SetAside(MALFORMED)
    if not isinstance(payload, dict):
        return SetAside(MALFORMED)
    try:
        return topic.translate(
            Event(event_id=event.event_id, triggered_at=_triggered_at(event), payload=payload),
            scope,
        )
    except Exception as error:  # noqa: BLE001 - one event's fault must not hold up the others
        return _failed(event.event_id, error)


def _triggered_at(event: InboxEvent) -> datetime:
    try:
        return moment(event.triggered_at)
    except ValueError:
        return event.received_at


def _apply(session: Session, scope: Scope, events: Sequence[Translated]) -> Report:
    report = Report()
    for step in _steps(events):
        if isinstance(step, _Run):
            report.add(_apply_run(session, scope, step))
        else:
            report.verdicts.append(_apply_call(session, scope, step))
    return report


def _steps(events: Sequence[Translated]) -> Iterator[_Run | Translated]:
    """Yield runs and single calls in order of arrival: a call parts what came before and after."""
    run = _Run()
    for event in events:
        if isinstance(event.outcome, Call):
            if run.event_ids:
                yield run
                run = _Run()
            yield event
        else:
            _collect(run, event)
    if run.event_ids:
        yield run


def _collect(run: _Run, event: Translated) -> None:
    run.event_ids.append(event.event_id)
    match event.outcome:
        case OrderSeen(snapshot):
            run.snapshots.append(snapshot)
        case RefundSeen(order_id, refund):
            run.refunds.append((order_id, refund))
        case OrderGone(order_id):
            run.deleted_order_ids.append(order_id)
        case OrderChanged(order_id):
            run.fetch_order_ids.add(order_id)
        case CustomerSeen(state):
            run.customers.append(state)
        case MarksChanged():
            run.marks.append(event.outcome)


def _apply_run(session: Session, scope: Scope, run: _Run) -> Report:
    fetch_order_ids, facts_wanted = set(run.fetch_order_ids), False
    if run.customers:
        enrol_customers(
            session,
            shop_id=scope.shop_id,
            program_id=scope.program_id,
            customers=run.customers,
            now=scope.now,
            ledger_key=scope.ledger_key,
        )
    if run.snapshots or run.refunds or run.deleted_order_ids:
        result = award_orders(
            session,
            shop_id=scope.shop_id,
            program_id=scope.program_id,
            snapshots=run.snapshots,
            now=scope.now,
            ledger_key=scope.ledger_key,
            refunds=run.refunds,
            deleted_order_ids=run.deleted_order_ids,
        )
        fetch_order_ids.update(result.fetch_order_ids)
        facts_wanted = result.facts_wanted
    handled = [Verdict(id_, State.HANDLED) for id_ in run.event_ids]
    marks_wanted = bool(run.marks) and _want_marks(session, scope, run.marks)
    return Report(handled, fetch_order_ids, facts_wanted, marks_wanted)


def _want_marks(session: Session, scope: Scope, changes: Sequence[MarksChanged]) -> bool:
    """Have customers read whose change a tier asks for; return whether there are any."""
    levels = load_tiers(session, scope.program_id)
    tags = {
        level.entry_value.lower() for level in levels if level.entry == "tag" and level.entry_value
    }
    companies = any(level.entry == "company" for level in levels)
    wanted = {
        change.customer_id
        for change in changes
        if (companies if change.tags is None else change.tags & tags)
    }
    want_customer_marks(session, shop_id=scope.shop_id, customer_ids=wanted, now=scope.now)
    return bool(wanted)


def _apply_call(session: Session, scope: Scope, event: Translated) -> Verdict:
    if not isinstance(event.outcome, Call):
        raise TypeError(type(event.outcome).__name__)
    reason = event.outcome.service(session, scope)
    return Verdict(event.event_id, State.ASIDE if reason else State.HANDLED, reason)


def _failed(event_id: int, error: Exception) -> Verdict:
    logger.warning("event.failed", exc_info=error, extra={"fields": {"event_id": event_id}})
    return Verdict(event_id, State.FAILED, type(error).__name__)


def _is_transient(error: Exception) -> bool:
    if not isinstance(error, DBAPIError):
        return False
    return error.connection_invalidated or getattr(error.orig, "sqlstate", None) in TRANSIENT
