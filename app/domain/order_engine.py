"""The order engine: reckons what an order is worth as it stands, and posts the difference.

It knows no database. Who calls it loads what the orders touch, and saves what came of them.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from app.domain.award import (
    Pin,
    Reckoning,
    earns,
    facts_wanted,
    may_earn,
    partly_paid,
    reckon_order,
)
from app.domain.expiry import expires_at
from app.domain.ledger import Cause, Lot
from app.domain.member_account import MemberAccount
from app.domain.order_award import OrderAward
from app.domain.order_facts import missing_facts
from app.domain.order_history import OrderState
from app.domain.order_redemptions import OrderRedemptions
from app.domain.order_snapshot import OrderSnapshot
from app.domain.paid_part import paid_part_minor
from app.domain.past_orders import earned_at, lot_starts_at
from app.domain.points import FULL_BP
from app.domain.program_rules import ProgramRules
from app.domain.rulebook import Rulebook
from app.domain.spend import spend_of
from app.domain.tier_tally import Day, Done, TierTally

NO_SHARES: Mapping[Day, Done] = {}


@dataclass(slots=True, kw_only=True)
class OrderEngine:
    """Everything that some orders touch, in memory; members are up to date."""

    rulebook: Rulebook
    now: datetime
    accounts: Mapping[int, MemberAccount]
    awards: dict[int, OrderAward]
    """By order id."""
    new_ids: Iterator[tuple[int, int]]
    """(award id, lot id) pairs, one for each order."""
    tally: TierTally
    redemptions: OrderRedemptions
    taken_in: list[OrderState] = field(default_factory=list)
    """The orders to store."""
    new_awards: dict[int, OrderAward] = field(default_factory=dict)
    """By order id."""
    revised_awards: dict[int, OrderAward] = field(default_factory=dict)
    """By order id."""
    points_posted: int = 0

    def take_in(self, state: OrderState) -> None:
        """Reckon an order as it stands, post the difference and settle its codes."""
        snapshot = state.as_it_stands()
        if snapshot is None:
            return
        before = self._shares(state, state.counted_at, state.counted_for)
        if state.taken_off:
            self._take_off(state)
        award = self.awards.get(state.order_id)
        version_id, rules = self.rulebook.in_force(snapshot.processed_at)
        pin = award.pin if award else self._pin(state, version_id)
        if award:
            rules = self.rulebook.pinned(pin)
        state.facts_wanted = self._waits_for_facts(state, snapshot, rules)
        if not state.facts_wanted:
            reckoning = self._reckon(state, snapshot, rules, pin)
            if state.member_id is not None or award is not None:
                self._award(state, snapshot, award, pin, rules, reckoning)
            state.spend_minor = reckoning.spend_minor
            state.original_spend_minor = 0 if snapshot.test else reckoning.original_spend_minor
        self._count_for_tier(state, snapshot, before)
        self.redemptions.settle(state, snapshot, self.accounts, rules, self.now)
        self.taken_in.append(state)

    def _take_off(self, state: OrderState) -> None:
        """Make the order nobody's; it stays with a member who is gone, as all of theirs does."""
        if state.member_id is not None and self.accounts[state.member_id].closed_at is None:
            state.member_id = None

    def _waits_for_facts(
        self, state: OrderState, snapshot: OrderSnapshot, rules: ProgramRules
    ) -> bool:
        """Return whether facts have to be fetched first, or when the order was paid."""
        if state.payment_unknown and may_earn(snapshot, deleted=state.deleted_at is not None):
            return True
        missing = facts_wanted(
            snapshot,
            rules,
            state.facts,
            paid_before=state.paid_state_at is not None or state.paid_at is not None,
            deleted=state.deleted_at is not None,
            taken_off=self._was_taken_off(state),
        )
        return bool(missing)

    def _was_taken_off(self, state: OrderState) -> bool:
        """Return whether the order earned for somebody once and is nobody's now."""
        return state.member_id is None and state.order_id in self.awards

    def _reckon(
        self, state: OrderState, snapshot: OrderSnapshot, rules: ProgramRules, pin: Pin
    ) -> Reckoning:
        """Reckon the order with all that is known of it, and note what was paid.

        That is the spend of the newest fully paid state as Shopify told it: refunds announced by
        themselves are taken off the order as it stands, whenever they come. While an edit since is
        not paid, it is what of the order as it stands was.
        """
        paid = state.paid_snapshot
        if paid is not None and missing_facts(paid, rules, state.facts).product_ids:
            # The order earns nothing as it stands, so its facts were not waited for.
            paid = None
        never_seen_paid = state.paid_at is not None and state.paid_state_at is None
        if partly_paid(snapshot) and (paid is not None or never_seen_paid):
            state.paid_spend_minor = paid_part_minor(snapshot, paid, rules, state.facts)
        elif paid is not None and paid is not snapshot:
            state.paid_spend_minor = spend_of(paid, rules, state.facts).spend_minor
        reckoning = reckon_order(
            snapshot,
            rules,
            pin,
            facts=state.facts,
            paid_spend_minor=state.paid_spend_minor,
            deleted=state.deleted_at is not None,
            taken_off=self._was_taken_off(state),
        )
        if paid is not None and paid is snapshot:
            # Nearly always; what earns nothing today may have been paid all the same.
            state.paid_spend_minor = (
                reckoning.spend_minor or spend_of(snapshot, rules, state.facts).spend_minor
            )
        if paid is not None and earns(snapshot, rules):
            state.paid_snapshot = None
        return reckoning

    def bring_up_to_date(self) -> None:
        """Mature and expire what is due among the lots that are known here."""
        for member in self.accounts.values():
            member.bring_up_to(self.now)

    def _pin(self, state: OrderState, version_id: int) -> Pin:
        """Pin a new award to the rules of its order's time and the member's present tier."""
        member = self.accounts.get(state.member_id) if state.member_id is not None else None
        tier = self.rulebook.tier(member.tier_id) if member else None
        return Pin(
            rule_version_id=version_id,
            tier_id=tier.id if tier else None,
            multiplier_bp=tier.multiplier_bp if tier else FULL_BP,
        )

    def _award(
        self,
        state: OrderState,
        snapshot: OrderSnapshot,
        award: OrderAward | None,
        pin: Pin,
        rules: ProgramRules,
        reckoning: Reckoning,
    ) -> None:
        if award is not None:
            self._revise(state, snapshot, award, rules, reckoning)
        elif self._begins_to_earn(state, snapshot):
            self._begin(state, pin, rules, reckoning)

    def _begins_to_earn(self, state: OrderState, snapshot: OrderSnapshot) -> bool:
        in_time = snapshot.processed_at >= self.rulebook.earning_starts_at
        return (
            state.paid_at is not None
            and not snapshot.test
            and (in_time or state.granted_at is not None)
        )

    def _begin(
        self, state: OrderState, pin: Pin, rules: ProgramRules, reckoning: Reckoning
    ) -> None:
        """Make the first award of an order, with a lot that runs from its payment or its grant."""
        if state.member_id is None or state.paid_at is None:
            return
        award_id, lot_id = next(self.new_ids)
        member = self.accounts[state.member_id]
        self.new_awards[state.order_id] = OrderAward(
            id=award_id,
            member_id=state.member_id,
            pin=pin,
            points=reckoning.points,
            revision=1,
            receipt=reckoning.receipt,
        )
        if reckoning.points:
            at = earned_at(state.paid_at, state.granted_at)
            cause = Cause(source=f"award:{award_id}:1", at=at, award_id=award_id)
            starts_at = lot_starts_at(state.paid_at, state.granted_at, rules)
            self._earn(member, lot_id, starts_at, rules, reckoning.points, cause)
        member.be_active(state.paid_at, self.now)
        member.changed = True

    def _earn(
        self,
        member: MemberAccount,
        lot_id: int,
        starts_at: datetime,
        rules: ProgramRules,
        points: int,
        cause: Cause,
    ) -> None:
        lot = Lot(
            id=lot_id,
            award_id=cause.award_id,
            available_at=starts_at,
            expires_at=expires_at(starts_at, rules, self.rulebook.iana_timezone),
            matured=starts_at <= self.now,
        )
        member.account.add_lot(lot)
        member.account.earn(lot, points, cause)
        self.points_posted += points

    def _revise(
        self,
        state: OrderState,
        snapshot: OrderSnapshot,
        award: OrderAward,
        rules: ProgramRules,
        reckoning: Reckoning,
    ) -> None:
        """Post what the award changed by; an order that changed hands moves as a whole.

        One that is nobody's now keeps an award of nothing, with whom it earned for last.
        """
        moved = state.member_id != award.member_id
        award.revision += 1
        cause = Cause(
            source=f"award:{award.id}:{award.revision}",
            at=snapshot.updated_at,
            award_id=award.id,
        )
        if moved and state.member_id is not None:
            self._take_back(award.member_id, award.points, cause, rules)
            award.points = 0
            award.member_id = state.member_id
        difference = reckoning.points - award.points
        if difference < 0:
            self._take_back(award.member_id, -difference, cause, rules)
        elif difference > 0:
            self._grow(award, state, rules, difference, cause)
        award.points, award.receipt = reckoning.points, reckoning.receipt
        self.accounts[award.member_id].changed = True
        self.revised_awards[state.order_id] = award

    def _take_back(self, member_id: int, points: int, cause: Cause, rules: ProgramRules) -> None:
        member = self.accounts[member_id]
        member.account.take_back(points, cause, rules.debt_policy)
        member.changed = True
        self.points_posted -= points

    def _grow(
        self,
        award: OrderAward,
        state: OrderState,
        rules: ProgramRules,
        points: int,
        cause: Cause,
    ) -> None:
        """Add points to the award's own lot, or open it if it has none yet."""
        member = self.accounts[award.member_id]
        own = [lot for lot in member.account.lots if lot.award_id == award.id]
        if own:
            member.account.earn(own[0], points, cause)
            self.points_posted += points
        else:
            _, lot_id = next(self.new_ids)
            starts_at = lot_starts_at(state.paid_at or self.now, state.granted_at, rules)
            self._earn(member, lot_id, starts_at, rules, points, cause)

    def _count_for_tier(
        self, state: OrderState, snapshot: OrderSnapshot, before: Mapping[Day, Done]
    ) -> None:
        """Count the order as it is now in its members' days, and raise who placed it if it can."""
        after = self._shares(state, snapshot.processed_at, state.member_id)
        for member_id, had in self.tally.replace(before, after):
            self.tally.lower_member(self.accounts[member_id], had)
        if state.member_id is not None:
            past = snapshot.processed_at < self.rulebook.earning_starts_at
            member = self.accounts[state.member_id]
            self.tally.raise_member(member, "backfill" if past else "reached")

    def _shares(
        self, state: OrderState, processed_at: datetime | None, member_id: int | None
    ) -> Mapping[Day, Done]:
        if processed_at is None:
            return NO_SHARES
        award = self.awards.get(state.order_id) or self.new_awards.get(state.order_id)
        return self.tally.shares(
            processed_at,
            member_id=member_id,
            spend_minor=state.spend_minor,
            awarded_id=award.member_id if award else None,
            points=award.points if award else 0,
        )
