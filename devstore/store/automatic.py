"""Free shipping that Shopify gives by itself to the customers of a segment."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from devstore.store.codec import decode, encode
from devstore.store.database import Database
from devstore.store.discount import CombinesWith, Discount
from devstore.store.evaluation import AppliedAutomatic, Evaluation, Refusal

FIRST_AUTOMATIC_ID = 1_400_000_000_001
ACTIVE_MAX = 25
"""Shopify lets no more automatic discounts be active at a time."""


class TooManyAutomatic(ValueError):
    """At any given time, only 25 automatic discounts can be active."""


@dataclass(frozen=True)
class AutomaticShipping:
    """One automatic discount; no segments at all means every customer."""

    id: int
    title: str
    starts_at: datetime
    ends_at: datetime | None
    created_at: datetime
    updated_at: datetime
    combines_with: CombinesWith
    segment_ids: tuple[int, ...] = ()
    minimum_subtotal_minor: int | None = None
    tags: tuple[str, ...] = ()

    @property
    def gid(self) -> str:
        """The discount's global id."""
        return f"gid://shopify/DiscountAutomaticNode/{self.id}"

    def status(self, now: datetime) -> str:
        """ACTIVE, EXPIRED or SCHEDULED."""
        if self.ends_at is not None and self.ends_at <= now:
            return "EXPIRED"
        return "SCHEDULED" if self.starts_at > now else "ACTIVE"

    def is_for(self, segment_ids: frozenset[int], subtotal_minor: int, now: datetime) -> bool:
        """Return whether a customer of these segments gets it on such a cart now."""
        entitled = not self.segment_ids or bool(segment_ids & set(self.segment_ids))
        enough = subtotal_minor >= (self.minimum_subtotal_minor or 0)
        return entitled and enough and self.status(now) == "ACTIVE"


class AutomaticDiscounts:
    """The table of automatic discounts."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def get(self, discount_id: int) -> AutomaticShipping | None:
        """Return a discount, or None."""
        row = self._database.row(
            "SELECT document FROM automatic_discount WHERE id = ?", discount_id
        )
        return None if row is None else decode(AutomaticShipping, row["document"])

    def all(self) -> list[AutomaticShipping]:
        """Return all of them, the oldest first."""
        rows = self._database.rows("SELECT document FROM automatic_discount ORDER BY id")
        return [decode(AutomaticShipping, row["document"]) for row in rows]

    def save(self, discount: AutomaticShipping, now: datetime) -> AutomaticShipping:
        """Store a discount; one whose id is 0 is new and gets its own."""
        with self._database.transaction() as connection:
            active = [
                each.id
                for each in self.all()
                if each.status(now) == "ACTIVE" and each.id != discount.id
            ]
            if discount.status(now) == "ACTIVE" and len(active) >= ACTIVE_MAX:
                raise TooManyAutomatic
            if discount.id == 0:
                number = self._database.next_id("automatic_discount", FIRST_AUTOMATIC_ID, 3)
                discount = replace(discount, id=number)
            connection.execute(
                "INSERT OR REPLACE INTO automatic_discount VALUES (?, ?)",
                (discount.id, encode(discount)),
            )
        return discount

    def delete(self, discount_id: int) -> bool:
        """Delete a discount; return whether there was one."""
        with self._database.transaction() as connection:
            done = connection.execute("DELETE FROM automatic_discount WHERE id = ?", (discount_id,))
        return done.rowcount > 0


def with_automatic(
    cart: Evaluation, discount: AutomaticShipping | None, shipping_minor: int
) -> Evaluation:
    """Return the cart with free shipping, unless codes that do not go with it take off more."""
    if discount is None or not shipping_minor:
        return cart
    clashing = [use for use in cart.applied if not _together(discount, use.discount)]
    taken_minor = sum(use.amount_minor for use in clashing)
    given = AppliedAutomatic(discount.id, discount.title, shipping_minor)
    if not clashing:
        return replace(cart, automatic=given)
    if taken_minor >= shipping_minor:
        return cart
    refused = [
        Refusal(use.code, "combination", f"{use.code} can't be used with your other discounts")
        for use in clashing
    ]
    kept = tuple(use for use in cart.applied if use not in clashing)
    return replace(cart, applied=kept, refused=(*cart.refused, *refused), automatic=given)


def best_for(
    discounts: Sequence[AutomaticShipping],
    segment_ids: frozenset[int],
    subtotal_minor: int,
    now: datetime,
) -> AutomaticShipping | None:
    """Return the oldest discount that a customer of these segments gets; they are all worth the same."""
    found = (each for each in discounts if each.is_for(segment_ids, subtotal_minor, now))
    return next(found, None)


def _together(automatic: AutomaticShipping, code: Discount) -> bool:
    if code.discount_class == "SHIPPING":
        return False
    mine = automatic.combines_with
    allowed = {"ORDER": mine.order, "PRODUCT": mine.product}[code.discount_class]
    return allowed and code.combines_with.shipping
