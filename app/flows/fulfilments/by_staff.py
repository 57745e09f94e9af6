"""Something that staff do by hand: Shopify has nothing to do with it."""

from app.flows.fulfilment import Errand, Found


class ByStaff:
    """Makes nothing: staff see the redemption, and mark it done or cancel it."""

    scopes: tuple[str, ...] = ()

    def make(self, errand: Errand, *, budget_s: float) -> str | None:
        """Leave it to staff."""

    def find(self, errand: Errand, *, budget_s: float) -> Found | None:
        """Find nothing."""

    def withdraw(self, errand: Errand, *, budget_s: float) -> None:
        """Leave nothing, for there is nothing."""


FULFILMENT = ByStaff()
