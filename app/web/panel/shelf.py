"""What the rewards on offer are drawn from for one member, read at once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app.db.queries.picked_items import PickedVariant, picked_variants
from app.db.queries.rewards import RewardRow, taken_by
from app.domain.eligibility import Claimant, Obstacle
from app.domain.tiers import shown_levels
from app.services.reward_terms import reward_obstacles
from app.web.panel.reader import Reader
from app.words.obstacles import Reasons


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelf:
    """One member before the rewards: what they took, what their cart comes to, what it is called."""

    reader: Reader
    taken: Mapping[int, Sequence[datetime]]
    """When the member took each reward, by the reward's id."""
    subtotal_minor: int | None
    """What is in the cart, where the page said."""
    variants: Mapping[int, PickedVariant]
    customer_tags: frozenset[str] | None = None
    """Of the customer, where a reward asks for some."""

    @property
    def products(self) -> dict[int, str]:
        """The names of product variants."""
        return {number: variant.title for number, variant in self.variants.items()}

    @property
    def reasons(self) -> Reasons:
        """The words for what stands in the way."""
        reader = self.reader
        return Reasons(
            words=reader.words,
            currency=reader.program.currency,
            tiers=shown_levels(reader.programme.tiers, reader.membership.tier_id),
            day=reader.day,
        )

    def obstacles(self, reward: RewardRow, points: int) -> tuple[Obstacle, ...]:
        """Return why the member cannot have a reward for `points`, the firmest reason first."""
        claimant = Claimant(
            available=self.reader.standing.available,
            tier_id=self.reader.membership.tier_id,
            customer_tags=self.customer_tags,
            taken_at=self.taken.get(reward.id, ()),
            subtotal_minor=self.subtotal_minor,
        )
        return reward_obstacles(reward, claimant, points=points, now=self.reader.now)


def read_shelf(
    session: Session,
    reader: Reader,
    subtotal_minor: int | None = None,
    customer_tags: frozenset[str] | None = None,
) -> Shelf:
    """Return the shelf of the reader's member."""
    return Shelf(
        reader=reader,
        taken=taken_by(session, reader.membership.member_id),
        subtotal_minor=subtotal_minor,
        variants=picked_variants(session, reader.program.id),
        customer_tags=customer_tags,
    )
