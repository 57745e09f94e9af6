"""A donation: points that go to a cause, without Shopify."""

from app.flows.fulfilment import Errand, Found


class Donation:
    """Makes nothing: that the points are donated is a posting."""

    scopes: tuple[str, ...] = ()

    def make(self, errand: Errand, *, budget_s: float) -> str | None:
        """Leave it to the ledger."""

    def find(self, errand: Errand, *, budget_s: float) -> Found | None:
        """Find nothing."""

    def withdraw(self, errand: Errand, *, budget_s: float) -> None:
        """Leave nothing, for there is nothing."""


FULFILMENT = Donation()
