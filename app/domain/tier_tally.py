"""What orders change in members' days, and the tiers that members rise to by it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import NamedTuple
from zoneinfo import ZoneInfo

from app.domain.member_account import MemberAccount
from app.domain.rulebook import Rulebook
from app.domain.tier_review import TierReason
from app.domain.tier_terms import TierMeasure, first_day, local_day
from app.domain.tiers import TierLevel, level_for

Day = tuple[int, date]
"""A member's id and a day of the programme's calendar."""


class Done(NamedTuple):
    """What was done on a day, or the difference that something makes in it."""

    spend_minor: int = 0
    points: int = 0
    orders: int = 0

    def plus(self, other: "Done") -> "Done":
        """Return both together."""
        return Done(
            self.spend_minor + other.spend_minor,
            self.points + other.points,
            self.orders + other.orders,
        )

    def negative(self) -> "Done":
        """Return what takes this off again."""
        return Done(-self.spend_minor, -self.points, -self.orders)

    def in_measure(self, measure: TierMeasure) -> int:
        """Return what of it a programme's tiers are reckoned by."""
        if measure == "spend":
            return self.spend_minor
        return self.points if measure == "points" else self.orders


NOTHING_DONE = Done()


class TierMove(NamedTuple):
    """A change of a member's tier, to be recorded."""

    member_id: int
    old: TierLevel | None
    new: TierLevel | None
    reason: TierReason
    measure: int | None


@dataclass(kw_only=True)
class TierTally:
    """Sums up what changes, and raises members as soon as they reach a higher tier.

    Nobody is lowered here: that takes the days of grace and is left to the review, which is told
    whose measure went down.
    """

    rulebook: Rulebook
    now: datetime
    amounts: dict[int, int]
    """What counts today in the programme's measure, by member; nothing for who is not in it."""
    days: dict[Day, Done] = field(default_factory=dict)
    """What is to be added to members' days."""
    moves: list[TierMove] = field(default_factory=list)

    @cached_property
    def first_day(self) -> date:
        """The first of the days that count today."""
        today = local_day(self.now, self.rulebook.iana_timezone)
        return first_day(self.rulebook.tier_terms.window, today)

    @cached_property
    def _zone(self) -> ZoneInfo:
        return ZoneInfo(self.rulebook.iana_timezone)

    def shares(
        self,
        at: datetime,
        *,
        member_id: int | None,
        spend_minor: int,
        awarded_id: int | None,
        points: int,
    ) -> dict[Day, Done]:
        """Return what an order is of its members' days: of who placed it, and of who has the award."""
        day = at.astimezone(self._zone).date()
        shares: dict[Day, Done] = {}
        if member_id is not None and spend_minor:
            shares[member_id, day] = Done(spend_minor, 0, 1)
        if awarded_id is not None and points:
            known = shares.get((awarded_id, day), NOTHING_DONE)
            shares[awarded_id, day] = Done(known.spend_minor, points, known.orders)
        return shares

    def replace(
        self, before: Mapping[Day, Done], after: Mapping[Day, Done]
    ) -> Sequence[tuple[int, int]]:
        """Count `after` instead of `before`; return whose measure went down by it, and from what."""
        lowered = []
        for key in {**before, **after} if before else after:
            old, new = before.get(key, NOTHING_DONE), after.get(key, NOTHING_DONE)
            if old == new:
                continue
            difference = new.plus(old.negative()) if key in before else new
            known = self.days.get(key)
            self.days[key] = difference if known is None else known.plus(difference)
            amount = difference.in_measure(self.rulebook.tier_terms.measure)
            member_id, day = key
            if day >= self.first_day:
                had = self.amounts.get(member_id, 0)
                self.amounts[member_id] = had + amount
                if amount < 0:
                    lowered.append((member_id, had))
        return lowered

    def lower_member(self, member: MemberAccount, had: int) -> None:
        """Have the member's tier reviewed: the measure went down from what it was just now.

        Days of grace run from today if the tier was earned until now, else from when it was not.
        """
        held = self.rulebook.tier(member.tier_id)
        if held is not None and held.threshold is not None and had >= held.threshold:
            member.tier_review_at = None
        self._review(member)

    def _review(self, member: MemberAccount) -> None:
        if member.tier_review_at is None or member.tier_review_at > self.now:
            member.tier_review_at = self.now
            member.changed = True

    def raise_member(self, member: MemberAccount, reason: TierReason) -> None:
        """Raise a member to the tier that is reached now; nobody who is pinned or gone."""
        if member.closed_at is not None or member.is_pinned(self.now):
            return
        measure = self.amounts.get(member.account.member_id, 0)
        earned = level_for(self.rulebook.tiers, measure)
        held = self.rulebook.tier(member.tier_id)
        if earned is None or (held is not None and earned.rank < held.rank):
            return
        if held is None or earned.rank > held.rank:
            self.moves.append(TierMove(member.account.member_id, held, earned, reason, measure))
            member.tier_id, member.tier_since, member.tier_until = earned.id, self.now, None
            member.changed = True
            self._review(member)
        elif member.tier_until is not None:
            member.tier_until = None
            member.changed = True
            self._review(member)

    def changed_days(self) -> Sequence[tuple[Day, Done]]:
        """Return what is to be added to which days, sorted; days that come out even are left out."""
        return sorted((day, done) for day, done in self.days.items() if any(done))
