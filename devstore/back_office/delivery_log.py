"""The log of webhooks as the back office shows it."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime

from devstore.services import Services
from devstore.webhooks.deliveries import Delivery

STATES = {
    "waiting": ("On its way", "info"),
    "delivered": ("Delivered", "success"),
    "failed": ("Failed", "critical"),
    "lost": ("Lost on the way", "warning"),
}


@dataclass(frozen=True)
class DeliveryView:
    """One delivery in words."""

    id: int
    topic: str
    triggered_at: datetime
    words: str
    tone: str
    answer: str
    attempts: int
    about: str
    delivery: Delivery


def delivery_view(services: Services, delivery: Delivery) -> DeliveryView:
    """Return a delivery in words."""
    words, tone = STATES.get(delivery.state, (delivery.state, "neutral"))
    if delivery.state == "waiting" and delivery.attempts:
        words, tone = "Tried, will be again", "warning"
    return DeliveryView(
        delivery.id,
        delivery.topic,
        datetime.fromisoformat(delivery.triggered_at).astimezone(UTC),
        words,
        tone,
        answer_words(delivery),
        delivery.attempts,
        about(services, delivery),
        delivery,
    )


def answer_words(delivery: Delivery) -> str:
    """Return what the app answered: 200 in 12 ms, or what went wrong."""
    if delivery.last_error:
        return delivery.last_error
    if delivery.last_status is None:
        return "No answer yet"
    return f"{delivery.last_status} in {delivery.latency_ms or 0} ms"


def about(services: Services, delivery: Delivery) -> str:
    """Return what a delivery is about: an order's name, a customer's email, or an id."""
    try:
        body = json.loads(delivery.body)
    except ValueError:
        return ""
    if not isinstance(body, dict):
        return ""
    if isinstance(order_id := body.get("order_id"), int):
        order = services.store.orders.get(order_id)
        return order.name if order else str(order_id)
    return next((str(body[key]) for key in ("name", "email", "id") if body.get(key)), "")


def payload_text(delivery: Delivery) -> str:
    """Return the body for people to read; one that is no JSON as it was sent."""
    try:
        return json.dumps(json.loads(delivery.body), indent=2, ensure_ascii=False)
    except ValueError:
        return delivery.body.decode(errors="replace")


def find_deliveries(
    services: Services, words: str, state: str, limit: int, offset: int
) -> list[Delivery]:
    """Return deliveries, the newest first, whose topic or body holds `words` and in `state`."""
    rows = services.store.database.rows(
        "SELECT id FROM delivery WHERE (? = '' OR state = ?)"
        " AND (? = '' OR topic LIKE '%' || ? || '%' OR instr(CAST(body AS TEXT), ?) > 0)"
        " ORDER BY id DESC LIMIT ? OFFSET ?",
        *(state, state, words, words, words, limit, offset),
    )
    found = (services.sender.deliveries.get(row["id"]) for row in rows)
    return [delivery for delivery in found if delivery is not None]
