"""The order engine on memory alone: what services do with rows, done with values."""

import copy
from collections import defaultdict
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from typing import Any

from app.domain.exclusions import named_tags
from app.domain.expiry import GRACE_AFTER_RETURN, expires_at
from app.domain.ledger import Account, Cause, Lot
from app.domain.member_account import MemberAccount
from app.domain.merging import merge_accounts
from app.domain.order_award import OrderAward
from app.domain.order_engine import OrderEngine
from app.domain.order_facts import NOBODY, OrderFacts, missing_facts
from app.domain.order_history import (
    OrderState,
    OrderStates,
    date_payment,
    processing_order,
    reckon_again,
)
from app.domain.order_redemptions import OrderRedemption, OrderRedemptions
from app.domain.order_snapshot import OrderSnapshot, Refund
from app.domain.program_defaults import default_tiers
from app.domain.program_rules import ProgramRules
from app.domain.redeeming import capture, release, remember
from app.domain.rulebook import Rulebook
from app.domain.tier_tally import TierTally
from app.domain.tiers import TierLevel, level_for
from tests.app.engine.books import AwardSeen, Books, LotSeen, MemberSeen, Move, RedemptionSeen
from tests.app.engine.driver import Crash
from tests.app.engine.shop import CUSTOMERS, PRODUCTS

TIMEZONE = "Asia/Bangkok"
TIERS = tuple(
    TierLevel(
        id=number,
        rank=number,
        name=tier.name,
        threshold=tier.threshold,
        multiplier_bp=tier.multiplier_bp,
    )
    for number, tier in enumerate(default_tiers("USD"), 1)
)


@dataclass
class Tables:
    """What would be in the database; a crash brings back what was there before."""

    members: dict[int, MemberAccount] = field(default_factory=dict)
    identities: dict[int, int] = field(default_factory=dict)
    merged: dict[int, int] = field(default_factory=dict)
    gone: set[int] = field(default_factory=set)
    former: dict[int, int | None] = field(default_factory=dict)
    """Who each customer was who was deleted or merged, until they are redacted."""
    orders: dict[int, OrderState] = field(default_factory=dict)
    refunds: defaultdict[int, dict[int, Refund]] = field(default_factory=lambda: defaultdict(dict))
    deleted: set[int] = field(default_factory=set)
    awards: dict[int, OrderAward] = field(default_factory=dict)
    sign_ups: dict[int, int] = field(default_factory=dict)
    redemptions: dict[int, OrderRedemption] = field(default_factory=dict)
    held_by_key: dict[str, int] = field(default_factory=dict)
    adjusted: set[str] = field(default_factory=set)
    moves: list[Move] = field(default_factory=list)
    promised: dict[int, datetime | None] = field(default_factory=dict)
    """Until when each lot was promised when it was opened."""
    last_id: int = 0


class PureDriver:
    """A programme in memory."""

    def __init__(self, rules: ProgramRules, now: datetime) -> None:
        self.now = now
        self.crash_after: int | None = None
        self._tables = Tables()
        self._versions = [(now, 1, rules)]
        self._starts_at = now
        self._steps_left: int | None = None

    def publish(self, rules: ProgramRules) -> None:
        self._versions.append((self.now, len(self._versions) + 1, rules))

    def enrol(self, customer: int, created_at: datetime) -> None:
        self._run(partial(self._enrol, customer, created_at))

    def take_in(
        self,
        snapshots: Sequence[OrderSnapshot] = (),
        refunds: Sequence[tuple[int, Refund]] = (),
        deleted: Sequence[int] = (),
        *,
        fetched: bool = False,
    ) -> list[int]:
        return self._run(partial(self._take_in, snapshots, refunds, deleted, fetched))

    def fetch_facts(self) -> None:
        self._run(self._fetch_facts)

    def who_has(self, points: int) -> list[int]:
        return sorted(
            customer
            for customer, member_id in self._tables.identities.items()
            if self._tables.members[member_id].account.available >= points
        )

    def hold(self, customer: int, points: int, key: str, code: str) -> int | None:
        return self._run(partial(self._hold, customer, points, key, code))

    def ready(self, redemption: int) -> None:
        found = self._tables.redemptions[redemption]
        if found.state == "held":
            found.state = "ready"

    def release(self, redemption: int, reason: str) -> None:
        self._run(partial(self._release, redemption, reason))

    def adjust(self, customer: int, points: int, key: str) -> bool:
        return self._run(partial(self._adjust, customer, points, key))

    def merge(self, kept: int, merged: int) -> None:
        self._run(partial(self._merge, kept, merged))

    def delete(self, customer: int) -> None:
        self._run(partial(self._delete, customer))

    def redact(self, customer: int) -> None:
        self._run(partial(self._redact, customer))

    def settle_due(self) -> None:
        self._run(self._settle_due)

    def prove(self) -> list[str]:
        return []

    def books(self) -> Books:
        tables = self._tables
        return Books(
            moves=list(tables.moves),
            members={
                id_: MemberSeen(each.account.pending, each.account.available, each.account.held)
                for id_, each in tables.members.items()
            },
            lots=[
                LotSeen(
                    id_,
                    lot.available_at,
                    lot.expires_at,
                    lot.matured,
                    lot.points,
                    lot.remaining,
                    lot.expired,
                )
                for id_, each in tables.members.items()
                for lot in each.account.lots
            ],
            awards={
                order_id: AwardSeen(
                    award.id,
                    award.member_id,
                    award.pin.rule_version_id,
                    award.pin.multiplier_bp,
                    award.points,
                    sum(line.points for line in award.receipt),
                )
                for order_id, award in tables.awards.items()
            },
            sign_ups=dict(tables.sign_ups),
            redemptions={
                id_: RedemptionSeen(
                    each.member_id,
                    each.points,
                    each.returned,
                    each.state,
                    each.order_id,
                    sum(allocation.open_points for allocation in each.allocations),
                )
                for id_, each in tables.redemptions.items()
            },
            identities=dict(tables.identities),
            merged=dict(tables.merged),
        )

    @property
    def _rulebook(self) -> Rulebook:
        return Rulebook(
            program_id=1,
            iana_timezone=TIMEZONE,
            earning_starts_at=self._starts_at,
            versions=tuple(self._versions),
            tiers=TIERS,
        )

    @property
    def _newest(self) -> ProgramRules:
        return self._versions[-1][2]

    def _run(self, work: Callable[[], Any]) -> Any:
        """Do the work; where a crash is due, break it off, undo it and do it again."""
        if self.crash_after is not None:
            before = copy.deepcopy(self._tables)
            self._steps_left, self.crash_after = self.crash_after, None
            with suppress(Crash):
                work()
            self._steps_left, self._tables = None, before
        return work()

    def _up_to_date(self, member: MemberAccount) -> MemberAccount:
        """Return the member as loaded: lots end as promised, then as the terms have it."""
        for lot in member.account.lots:
            lot.expires_at = self._tables.promised[lot.id]
        member.bring_up_to(self.now, self._rulebook.expiry_terms)
        return member

    def _step(self) -> None:
        if self._steps_left is not None:
            self._steps_left -= 1
            if self._steps_left < 0:
                raise Crash

    def _new_id(self) -> int:
        self._step()
        self._tables.last_id += 1
        return self._tables.last_id

    def _open(self, customer: int) -> MemberAccount | None:
        """Return a customer's member, up to date."""
        member_id = self._tables.identities.get(customer)
        if member_id is None:
            return None
        return self._up_to_date(self._tables.members[member_id])

    def _save(self, *members: MemberAccount) -> None:
        """Move what was posted into the ledger."""
        for member in members:
            self._step()
            account = member.account
            self._tables.moves += [
                Move(
                    account.member_id,
                    posting.kind,
                    posting.debit,
                    posting.credit,
                    posting.points,
                    posting.award_id,
                    posting.redemption_id,
                )
                for posting in account.postings
            ]
            for lot in account.touched.values():
                self._tables.promised.setdefault(lot.id, lot.expires_at)
            account.take_as_saved()

    def _ensure_member(self, customer: int, joined_at: datetime) -> int | None:
        tables = self._tables
        if customer not in tables.identities and customer not in tables.gone:
            id_ = self._new_id()
            lowest = level_for(TIERS, 0)
            tables.identities[customer] = id_
            tables.members[id_] = MemberAccount(
                account=Account(id_),
                chain_head=b"",
                tier_id=lowest.id if lowest else None,
                tier_since=joined_at,
                tier_until=None,
                last_active_at=joined_at,
                next_due_at=None,
                closed_at=None,
                version=1,
            )
        return tables.identities.get(customer)

    def _enrol(self, customer: int, created_at: datetime) -> None:
        tables = self._tables
        _, rules = self._rulebook.in_force(created_at)
        self._ensure_member(customer, created_at)
        member = self._open(customer)
        due = created_at >= self._starts_at and rules.sign_up_points
        if member is None or customer in tables.sign_ups or not due:
            return
        award_id = tables.sign_ups[customer] = self._new_id()
        lot = Lot(
            id=self._new_id(),
            award_id=award_id,
            available_at=created_at,
            expires_at=expires_at(created_at, rules, TIMEZONE),
            matured=True,
        )
        member.account.add_lot(lot)
        cause = Cause(source=f"award:{award_id}:1", at=created_at, award_id=award_id)
        member.account.earn(lot, rules.sign_up_points, cause)
        member.bring_up_to(self.now)
        self._save(member)

    def _take_in(
        self,
        snapshots: Sequence[OrderSnapshot],
        refunds: Sequence[tuple[int, Refund]],
        deleted: Sequence[int],
        fetched: bool,
        completed: Sequence[int] = (),
    ) -> list[int]:
        tables, rulebook = self._tables, self._rulebook
        for order_id, refund in refunds:
            tables.refunds[order_id].setdefault(refund.refund_id, refund)
        tables.deleted |= set(deleted)
        refunded = {order_id for order_id, _ in refunds}
        states = OrderStates()
        for order_id in {each.order_id for each in snapshots} | refunded | {*deleted, *completed}:
            states[order_id] = self._stored(order_id)
        for order_id in completed:
            reckon_again(states[order_id])
        told = states.tell(
            snapshots,
            refunded,
            tables.deleted & set(states),
            rulebook=rulebook,
            fetched=fetched,
            now=self.now,
        )
        for order_id in completed:
            date_payment(states[order_id])
        changed = sorted((state for state in told if state.changed), key=processing_order)
        for state in changed:
            newest = state.newest()
            if newest is not None and newest.customer_id is not None:
                member_id = self._ensure_member(newest.customer_id, newest.processed_at)
                state.member_id = member_id or state.member_id
        engine = self._engine(changed, rulebook)
        for member in tables.members.values():
            self._up_to_date(member)
        for state in changed:
            self._step()
            engine.take_in(state)
        engine.bring_up_to_date()
        tables.orders |= {state.order_id: state for state in engine.taken_in}
        tables.awards |= engine.new_awards
        self._save(*tables.members.values())
        return [state.order_id for state in told if state.ambiguous]

    def _fetch_facts(self) -> None:
        """Pin what the orders that wait for facts miss, and reckon them again."""
        waiting = [state for state in self._tables.orders.values() if state.facts_wanted]
        for state in waiting:
            snapshot = state.newest()
            if snapshot is None:
                continue
            _, rules = self._rulebook.in_force(snapshot.processed_at)
            missing = missing_facts(snapshot, rules, state.facts)
            products = {id_: PRODUCTS[id_] for id_ in missing.product_ids}
            customers = {}
            if missing.customer_id is not None:
                told = CUSTOMERS[missing.customer_id]
                tags = named_tags(told.tags, rules.excluded_customer_tags)
                customers[missing.customer_id] = told._replace(tags=tags)
            state.facts = OrderFacts(
                products={**state.facts.products, **products},
                customers={**state.facts.customers, **customers},
            )
        if waiting:
            self._take_in((), (), (), fetched=False, completed=[each.order_id for each in waiting])

    def _stored(self, order_id: int) -> OrderState:
        """Return an order's state as it would be loaded."""
        found = self._tables.orders.get(order_id) or OrderState(order_id=order_id)
        newest = found.newest()
        return replace(
            found,
            stored_updated_at=newest and newest.updated_at,
            counted_for=found.member_id,
            counted_at=newest and newest.processed_at,
            seen_unpaid=newest is not None
            and found.paid_at is None
            and found.paid_state_at is None,
            refunds=list(self._tables.refunds[order_id].values()),
            changed=False,
            ambiguous=False,
        )

    def _engine(self, states: Sequence[OrderState], rulebook: Rulebook) -> OrderEngine:
        tables = self._tables
        hashes = {
            state.order_id: frozenset(code.encode() for code in newest.discount_codes)
            for state in states
            if (newest := state.newest()) is not None
        }
        return OrderEngine(
            rulebook=rulebook,
            now=self.now,
            accounts=tables.members,
            awards={
                state.order_id: tables.awards[state.order_id]
                for state in states
                if state.order_id in tables.awards
            },
            new_ids=iter(lambda: (self._new_id(), self._new_id()), None),
            tally=self._tally(rulebook),
            redemptions=OrderRedemptions(tables.redemptions.values(), hashes, self._new_id),
        )

    def _tally(self, rulebook: Rulebook) -> TierTally:
        tally = TierTally(rulebook=rulebook, now=self.now, amounts={})
        for state in self._tables.orders.values():
            newest = state.newest()
            if newest is not None:
                award = self._tables.awards.get(state.order_id)
                shares = tally.shares(
                    newest.processed_at,
                    member_id=state.member_id,
                    spend_minor=state.spend_minor,
                    awarded_id=award.member_id if award else None,
                    points=award.points if award else 0,
                )
                tally.replace({}, shares)
        return tally

    def _hold(self, customer: int, points: int, key: str, code: str) -> int | None:
        member = self._open(customer)
        if member is None or member.account.available < points:
            return None
        if key in self._tables.held_by_key:
            return self._tables.held_by_key[key]
        id_ = self._tables.held_by_key[key] = self._new_id()
        cause = Cause(source=f"redemption:{id_}:hold", at=self.now, redemption_id=id_)
        taken = member.account.spend("hold", "held", points, cause)
        member.last_active_at = max(member.last_active_at, self.now)
        self._tables.redemptions[id_] = OrderRedemption(
            id=id_,
            member_id=member.account.member_id,
            points=points,
            returned=0,
            state="held",
            code_hash=code.encode(),
            order_id=None,
            used_at=None,
            allocations=remember(taken),
        )
        self._save(member)
        return id_

    def _release(self, redemption_id: int, reason: str) -> None:
        redemption = self._tables.redemptions[redemption_id]
        if redemption.state in ("released", "used"):
            return
        member = self._up_to_date(self._tables.members[redemption.member_id])
        account = member.account
        cause = Cause(
            source=f"redemption:{redemption_id}:release", at=self.now, redemption_id=redemption_id
        )
        lapsed = reason == "lapsed"
        if lapsed and self._newest.lapse_policy == "keep":
            capture(account, redemption.points, cause)
        else:
            until = self.now + GRACE_AFTER_RETURN if lapsed else None
            release(account, redemption.allocations, cause, self._new_id, usable_until=until)
            member.bring_up_to(self.now)
        redemption.state = "released"
        self._save(member)

    def _adjust(self, customer: int, points: int, key: str) -> bool:
        member = self._open(customer)
        if member is None or key in self._tables.adjusted:
            return False
        cause = Cause(source=f"adjust:{key}", at=self.now)
        if -points > member.account.available:
            return False
        if points < 0:
            member.account.spend("adjust", "adjusted", -points, cause)
        else:
            lot = Lot(
                id=self._new_id(),
                award_id=None,
                available_at=self.now,
                expires_at=expires_at(self.now, self._newest, TIMEZONE),
                matured=True,
            )
            member.account.add_lot(lot)
            member.account.make_available("adjust", "adjusted", points, cause, lot)
        self._tables.adjusted.add(key)
        self._save(member)
        return True

    def _merge(self, kept_customer: int, merged_customer: int) -> None:
        tables = self._tables
        merged_id = tables.identities.get(merged_customer) or self._former(merged_customer)
        kept_id = self._ensure_member(kept_customer, self.now)
        tables.gone.add(merged_customer)
        tables.former[merged_customer] = merged_id
        if kept_id is None:
            self._close(merged_customer)
            return
        tables.identities.setdefault(merged_customer, kept_id)
        if merged_id in (None, kept_id):
            return
        kept, merged = (self._up_to_date(tables.members[id_]) for id_ in (kept_id, merged_id))
        theirs = [each for each in tables.redemptions.values() if each.member_id == merged_id]
        merge_accounts(
            kept.account,
            merged.account,
            held=[
                allocation
                for each in theirs
                if each.state in ("held", "ready")
                for allocation in each.allocations
            ],
            used=[
                allocation
                for each in theirs
                if each.state == "used" and each.returned < each.points
                for allocation in each.allocations
            ],
            source=f"merge:{merged_id}",
            at=self.now,
            new_lot_id=self._new_id,
        )
        tables.merged[merged_id] = kept_id
        merged.closed_at = merged.closed_at or self.now
        kept.tier_id = max(kept.tier_id or 0, merged.tier_id or 0)
        kept.last_active_at = max(kept.last_active_at, merged.last_active_at)
        for row in (*theirs, *tables.awards.values(), *tables.orders.values()):
            if row.member_id == merged_id:
                row.member_id = kept_id
        for customer, member_id in tables.identities.items():
            if member_id == merged_id:
                tables.identities[customer] = kept_id
        self._save(kept, merged)

    def _delete(self, customer: int) -> None:
        tables = self._tables
        if customer not in tables.gone:
            tables.gone.add(customer)
            tables.former[customer] = tables.identities.get(customer)
            self._close(customer)

    def _former(self, customer: int) -> int | None:
        """Return who a customer was, or who that member became by mergers since."""
        member_id = self._tables.former.get(customer)
        while member_id in self._tables.merged:
            member_id = self._tables.merged[member_id]
        return member_id

    def _close(self, customer: int) -> None:
        tables = self._tables
        member_id = tables.identities.pop(customer, None)
        ties = {each for each, known in tables.identities.items() if known == member_id}
        if member_id is None or ties - tables.gone:
            return
        for each in ties:
            del tables.identities[each]
            if tables.former.get(each) is None:
                tables.former[each] = member_id
        for redemption in list(tables.redemptions.values()):
            if redemption.member_id == member_id:
                self._release(redemption.id, "customer_gone")
        tables.members[member_id].closed_at = self.now

    def _redact(self, customer: int) -> None:
        tables = self._tables
        whole_id = tables.identities.get(customer)
        if customer in tables.gone:
            whole_id = tables.former.get(customer)
        members = {id_ for id_ in tables.members if whole_id in self._became(id_)}
        ties = {**tables.former, **tables.identities}
        theirs = {each for each in tables.gone if ties.get(each) in members}
        for each in sorted({customer, *theirs}):
            self._close(each)
            tables.gone.add(each)
            tables.former.pop(each, None)
            for state in tables.orders.values():
                _erase(state, each)

    def _became(self, member_id: int) -> list[int]:
        """Return a member and whom they were merged into, one after the other."""
        chain = [member_id]
        while chain[-1] in self._tables.merged:
            chain.append(self._tables.merged[chain[-1]])
        return chain

    def _settle_due(self) -> None:
        for member in self._tables.members.values():
            self._step()
            self._up_to_date(member)
        self._save(*self._tables.members.values())


def _erase(state: OrderState, customer: int) -> None:
    """Let an order of a redacted customer name nobody; what was pinned of them is nobody's."""
    newest = state.newest()
    if newest is None or newest.customer_id != customer:
        return
    state.snapshot = replace(newest, customer_id=None)
    customers = dict(state.facts.customers)
    if customer in customers:
        customers[NOBODY] = customers.pop(customer)
    state.facts = replace(state.facts, customers=customers)
