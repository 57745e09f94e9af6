"""What a driver does: the app's side of a random store, in memory or on PostgreSQL."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Protocol

from app.domain.order_snapshot import OrderSnapshot, Refund
from app.domain.program_rules import ProgramRules
from tests.app.engine.books import Books


class Crash(BaseException):
    """The process dies here, whatever it would catch; its transaction is rolled back."""


class Driver(Protocol):
    """One programme with one shop.

    Every call is one transaction. With `crash_after` set, the next one is broken off after so many
    steps and then tried again, as a job or a webhook would be.
    """

    now: datetime
    crash_after: int | None

    def publish(self, rules: ProgramRules) -> None:
        """Publish rules, in force from now on."""

    def enrol(self, customer: int, created_at: datetime) -> None:
        """Take in a customer who was created then."""

    def take_in(
        self,
        snapshots: Sequence[OrderSnapshot] = (),
        refunds: Sequence[tuple[int, Refund]] = (),
        deleted: Sequence[int] = (),
        *,
        fetched: bool = False,
    ) -> Iterable[int]:
        """Take in what was told of orders; return those to be fetched."""

    def fetch_facts(self) -> None:
        """Fetch the facts that orders wait for, and reckon them."""

    def who_has(self, points: int) -> list[int]:
        """Return the customers who have so many points available."""

    def hold(self, customer: int, points: int, key: str, code: str) -> int | None:
        """Hold a reward's points; None when the customer has not enough, or is no member."""

    def ready(self, redemption: int) -> None:
        """Note that Shopify has the code; a redemption that was released stays so."""

    def release(self, redemption: int, reason: str) -> None:
        """Release a redemption; one that was used stays so."""

    def adjust(self, customer: int, points: int, key: str) -> bool:
        """Give or take points; False when there are not enough, or the customer is no member."""

    def merge(self, kept: int, merged: int) -> None:
        """Merge two customers."""

    def delete(self, customer: int) -> None:
        """Delete a customer."""

    def redact(self, customer: int) -> None:
        """Erase who a customer was."""

    def settle_due(self) -> None:
        """Mature and expire what is due."""

    def books(self) -> Books:
        """Return the ledger as it stands."""

    def prove(self) -> list[str]:
        """Return what the app's own proof finds wrong."""
