"""What a topic file gives: how one webhook is translated, and what then is to be done."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from sqlalchemy.orm import Session

from app.db.encryption import Vault
from app.domain.order_snapshot import OrderSnapshot, Refund
from app.services.enrol_customers import CustomerState


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """A webhook of the inbox, its body read."""

    event_id: int
    triggered_at: datetime
    payload: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """Where and when a batch is handled, and with which keys."""

    shop_id: int
    program_id: int
    now: datetime
    ledger_key: bytes
    vault: Vault


@dataclass(frozen=True, slots=True)
class OrderSeen:
    """An order's state, to be awarded."""

    snapshot: OrderSnapshot


@dataclass(frozen=True, slots=True)
class RefundSeen:
    """A refund told apart from its order."""

    order_id: int
    refund: Refund


@dataclass(frozen=True, slots=True)
class OrderGone:
    """An order that was deleted."""

    order_id: int


@dataclass(frozen=True, slots=True)
class OrderChanged:
    """An order that has to be fetched, as the webhook does not tell its state."""

    order_id: int


@dataclass(frozen=True, slots=True)
class CustomerSeen:
    """A customer's state."""

    state: CustomerState


@dataclass(frozen=True, slots=True)
class MarksChanged:
    """A customer's tags changed, or (None) the companies that the customer buys for."""

    customer_id: int
    tags: frozenset[str] | None


@dataclass(frozen=True, slots=True)
class Call:
    """A service to be called on its own, after what came before and before what comes after.

    What it returns, if anything, is the reason why the event needed nothing.
    """

    service: Callable[[Session, Scope], str | None]


@dataclass(frozen=True, slots=True)
class SetAside:
    """Nothing is to be done, for `reason`: a word for staff, without personal data."""

    reason: str


Outcome = (
    OrderSeen
    | RefundSeen
    | OrderGone
    | OrderChanged
    | CustomerSeen
    | MarksChanged
    | Call
    | SetAside
)


class Topic(Protocol):
    """A module of webhooks.topics.

    One whose bodies are large also has FIELDS, a TypedDict of those that it reads.
    """

    TOPIC: str
    """Shopify's name: `orders/paid`."""

    def translate(self, event: Event, scope: Scope) -> Outcome:
        """Return what the webhook asks for; raise KeyError, TypeError or ValueError if unreadable."""
