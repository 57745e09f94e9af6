"""How shoppers read why a reward cannot be had yet: "120 to go", "add ฿200 more", "from Silver on"."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from app.domain.eligibility import Obstacle, ObstacleCode
from app.domain.tiers import TierLevel
from app.words.catalogue import Words
from app.words.formats import money, whole

UNSPOKEN: frozenset[ObstacleCode] = frozenset({"not_offered", "ended", "not_for_you"})
"""A reward with one of these is not shown at all: nothing that the shopper does would help."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reasons:
    """What the words about obstacles need to know."""

    words: Words
    currency: str
    tiers: Sequence[TierLevel]
    """From low to high."""
    day: Callable[[datetime], str]

    def of(self, obstacle: Obstacle) -> str:
        """Return what is missing, in a few words; empty for what is not spoken of."""
        words = self.words
        if obstacle.code == "not_enough_points":
            points = whole(obstacle.points_missing, words.locale)
            return words.gettext("%(points)s to go", points=points)
        if obstacle.code == "subtotal":
            amount = money(obstacle.missing_minor, self.currency, words.locale)
            return words.gettext("add %(amount)s more", amount=amount)
        if obstacle.code == "tier":
            return self._tier(obstacle)
        if obstacle.code == "sold_out":
            return words.gettext("sold out")
        if obstacle.at is not None and obstacle.code == "not_yet":
            return words.gettext("from %(day)s", day=self.day(obstacle.at))
        if obstacle.at is not None:
            return words.gettext("again from %(day)s", day=self.day(obstacle.at))
        return words.gettext("yours already") if obstacle.code == "limit_reached" else ""

    def _tier(self, obstacle: Obstacle) -> str:
        named = [tier for tier in self.tiers if tier.id in obstacle.tier_ids]
        if not named:
            return ""
        if list(self.tiers[-len(named) :]) == named and len(named) > 1:
            return self.words.gettext("from %(tier)s on", tier=named[0].name)
        return self.words.gettext("for %(tiers)s", tiers=", ".join(tier.name for tier in named))
