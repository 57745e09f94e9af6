"""The page of messages from Shopify that could not be handled."""

from flask import Blueprint
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.container import current_container
from app.db.queries.programs import get_program
from app.db.queries.webhook_events import FailedEvent, failed_events
from app.services.rerun_event import rerun_event
from app.web.admin.customer_export import data_request_lines
from app.web.admin.page import RUN, done, own_data, page, reader_locale
from app.web.auth import admin_identity
from app.words.formats import minute


def register(blueprint: Blueprint) -> None:
    """Add the page to the admin."""
    blueprint.get("/deliveries")(deliveries)
    blueprint.post("/deliveries/<int:event_id>/run")(run_delivery)


def deliveries() -> tuple[str, int]:
    """List what failed for good, newest first."""
    identity = admin_identity()
    with own_data() as session:
        program = get_program(session, identity.program_id)
        events = failed_events(session, identity.shop_id)
        requests = data_request_lines(session, identity.shop_id, program.iana_timezone)
    lines = [_line(event, program.iana_timezone) for event in events]
    return page("deliveries.html", _("Messages that failed"), events=lines, data_requests=requests)


def run_delivery(event_id: int) -> Response:
    """Put a failed message back into the inbox and wake the worker."""
    identity = admin_identity()
    with own_data() as session:
        rerun_event(session, shop_id=identity.shop_id, event_id=event_id)
        current_container().jobs.enqueue("drain_inbox", session, shop_id=identity.shop_id)
    return done("deliveries", RUN)


def _line(event: FailedEvent, iana_timezone: str) -> dict[str, object]:
    return {
        "id": event.id,
        "what": _subject(event.topic),
        "when": minute(event.received_at, iana_timezone, reader_locale()),
        "reason": event.reason or _("Not known"),
        "attempts": event.attempts,
    }


def _subject(topic: str) -> str:
    resource = topic.partition("/")[0]
    subjects = {
        "orders": _("An order changed"),
        "refunds": _("An order was refunded"),
        "customers": _("A customer changed"),
        "shop": _("The shop's settings changed"),
        "app": _("The app's installation changed"),
    }
    return subjects.get(resource, topic)
