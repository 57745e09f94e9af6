"""The orders of a batch with all that they touch: read at once, changed in memory, written at once."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.db.accounts import MemberAccount, load_lots, lock_accounts, save_accounts
from app.db.awards import OrderAward, award_row, load_order_awards, revised_award_row
from app.db.bulk import Row, among, insert_rows, update_rows, upsert_rows, without_waiting
from app.db.ids import allocate_ids
from app.db.models import Award, CustomerOrder
from app.db.models import Lot as LotRow
from app.db.rulebook import Rulebook
from app.domain.award import Pin, Reckoning, earns, reckon_order
from app.domain.expiry import available_at, expires_at
from app.domain.ledger import Cause, Lot
from app.domain.order_snapshot import OrderSnapshot
from app.domain.points import FULL_BP
from app.domain.program_rules import ProgramRules
from app.domain.tiers import level_for, window_start
from app.services.ensure_members import ensure_members
from app.services.order_states import OrderState
from app.services.settle_redemptions import OrderRedemptions


@dataclass(slots=True, kw_only=True)
class OrderBatch:
    """Everything that one batch reads and changes, in memory."""

    shop_id: int
    rulebook: Rulebook
    now: datetime
    accounts: Mapping[int, MemberAccount]
    awards: dict[str, OrderAward]
    new_ids: Iterator[tuple[int, int]]
    """(award id, lot id) pairs for new awards."""
    window_start: datetime
    tier_spend: dict[int, int]
    """Spend in the window by member."""
    redemptions: OrderRedemptions
    order_rows: list[Row] = field(default_factory=list)
    new_awards: list[Row] = field(default_factory=list)
    revised_awards: list[Row] = field(default_factory=list)
    points_posted: int = 0

    def take_in(self, state: OrderState) -> None:
        """Reckon an order as it stands, post the difference and settle its codes."""
        snapshot = state.as_it_stands()
        if snapshot is None:
            return
        award = self.awards.get(self._source_id(state))
        version_id, rules = self.rulebook.in_force(snapshot.processed_at)
        pin = award.pin if award else self._pin(state, version_id)
        if award:
            rules = self.rulebook.pinned(pin)
        reckoning = reckon_order(
            snapshot,
            rules,
            pin,
            paid_spend_minor=state.paid_spend_minor,
            deleted=state.deleted_at is not None,
        )
        if earns(snapshot, rules):
            state.paid_spend_minor = reckoning.spend_minor
        if state.member_id is not None:
            self._award(state, snapshot, award, pin, rules, reckoning)
            self._count_for_tier(state, snapshot, reckoning)
        state.spend_minor = reckoning.spend_minor
        state.original_spend_minor = 0 if snapshot.test else reckoning.original_spend_minor
        self.redemptions.settle(state, snapshot, self.accounts, self.rulebook.newest, self.now)
        self.order_rows.append(_order_row(self.shop_id, state))

    def _source_id(self, state: OrderState) -> str:
        return f"{self.shop_id}:{state.order_id}"

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
        return (
            state.paid_at is not None
            and not snapshot.test
            and snapshot.processed_at >= self.rulebook.earning_starts_at
        )

    def _begin(
        self, state: OrderState, pin: Pin, rules: ProgramRules, reckoning: Reckoning
    ) -> None:
        """Make the first award of an order, with a lot that runs from its payment."""
        if state.member_id is None or state.paid_at is None:
            return
        award_id, lot_id = next(self.new_ids)
        member = self.accounts[state.member_id]
        self.new_awards.append(
            award_row(
                award_id=award_id,
                program_id=self.rulebook.program_id,
                member_id=state.member_id,
                source_kind="order",
                source_id=self._source_id(state),
                pin=pin,
                points=reckoning.points,
                receipt=reckoning.receipt,
                now=self.now,
            )
        )
        if reckoning.points:
            cause = Cause(source=f"award:{award_id}:1", at=state.paid_at, award_id=award_id)
            self._earn(member, lot_id, state.paid_at, rules, reckoning.points, cause)
        member.last_active_at = max(member.last_active_at, state.paid_at)
        member.changed = True

    def _earn(
        self,
        member: MemberAccount,
        lot_id: int,
        paid_at: datetime,
        rules: ProgramRules,
        points: int,
        cause: Cause,
    ) -> None:
        starts_at = available_at(paid_at, rules)
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
        """Post what the award changed by; an order that changed hands moves as a whole."""
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
        award.points = reckoning.points
        self.accounts[award.member_id].changed = True
        self.revised_awards.append(
            revised_award_row(award, reckoning.points, reckoning.receipt, self.now)
        )

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
            paid_at = state.paid_at or self.now
            self._earn(member, lot_id, paid_at, rules, points, cause)

    def _count_for_tier(
        self, state: OrderState, snapshot: OrderSnapshot, reckoning: Reckoning
    ) -> None:
        """Raise the member's tier as soon as spend in the window reaches a higher one."""
        if state.member_id is None or snapshot.processed_at < self.window_start:
            return
        member = self.accounts[state.member_id]
        counted_minor = state.spend_minor if state.counted_for == state.member_id else 0
        spend = self.tier_spend.get(state.member_id, 0) - counted_minor + reckoning.spend_minor
        self.tier_spend[state.member_id] = spend
        earned = level_for(self.rulebook.tiers, spend)
        held = self.rulebook.tier(member.tier_id)
        if earned is None:
            return
        if held is None or earned.threshold_minor > held.threshold_minor:
            member.tier_id, member.tier_since, member.tier_until = earned.id, self.now, None
            member.changed = True
        elif member.tier_until is not None and earned.id == held.id:
            member.tier_until = None
            member.changed = True

    def bring_up_to_date(self) -> None:
        """Mature and expire what is due among the lots that this batch knows."""
        for member in self.accounts.values():
            member.account.bring_up_to(self.now)

    def save(self, session: Session, ledger_key: bytes) -> None:
        """Write everything, rows that others point to first."""
        with without_waiting(session):
            upsert_rows(session, CustomerOrder, sorted(self.order_rows, key=_by_order_id))
            insert_rows(session, Award, self.new_awards)
            update_rows(session, Award, _last_of_each(self.revised_awards))
            self.redemptions.save()
            save_accounts(
                session,
                self.accounts.values(),
                program_id=self.rulebook.program_id,
                now=self.now,
                ledger_key=ledger_key,
            )
            self.redemptions.save_allocations(self.rulebook.program_id)


def load_order_batch(
    session: Session,
    shop_id: int,
    rulebook: Rulebook,
    states: Sequence[OrderState],
    now: datetime,
    ledger_key: bytes,
) -> OrderBatch:
    """Enrol, lock and load all that the orders touch."""
    _find_members(session, shop_id, rulebook, states)
    redemptions = OrderRedemptions(session, shop_id, states, ledger_key)
    redeeming = redemptions.member_ids()
    awards = load_order_awards(
        session, rulebook.program_id, [f"{shop_id}:{state.order_id}" for state in states]
    )
    members = {state.member_id for state in states if state.member_id is not None}
    members |= {award.member_id for award in awards.values()}
    accounts = lock_accounts(session, members | redeeming)
    redemptions.load()
    with_lots = {award.member_id for award in awards.values()} | redeeming
    load_lots(
        session,
        [
            account
            for member_id, account in accounts.items()
            if member_id in with_lots or account.due_by(now)
        ],
        award_ids=[award.id for award in awards.values()],
        lot_ids=redemptions.lot_ids(),
    )
    for account in accounts.values():
        account.account.bring_up_to(now)
    return OrderBatch(
        shop_id=shop_id,
        rulebook=rulebook,
        now=now,
        accounts=accounts,
        awards=awards,
        new_ids=_new_ids(session, len(states)),
        window_start=window_start(now),
        tier_spend=_tier_spend(session, members, now),
        redemptions=redemptions,
    )


def _new_ids(session: Session, count: int) -> Iterator[tuple[int, int]]:
    award_ids = allocate_ids(session, Award, count)
    lot_ids = allocate_ids(session, LotRow, count)
    return zip(award_ids, lot_ids, strict=True)


def _find_members(
    session: Session, shop_id: int, rulebook: Rulebook, states: Sequence[OrderState]
) -> None:
    """Tie each order that names a customer to their member; the others wait."""
    joined: dict[int, datetime] = {}
    for state in states:
        snapshot = state.newest()
        if snapshot is not None and snapshot.customer_id is not None:
            first = joined.get(snapshot.customer_id, snapshot.processed_at)
            joined[snapshot.customer_id] = min(first, snapshot.processed_at)
    members = ensure_members(session, shop_id=shop_id, rulebook=rulebook, joined=joined)
    for state in states:
        snapshot = state.newest()
        if snapshot is not None and snapshot.customer_id is not None:
            state.member_id = members.get(snapshot.customer_id, state.member_id)


def _tier_spend(session: Session, member_ids: Iterable[int], now: datetime) -> dict[int, int]:
    """Return each member's spend in the window, as stored."""
    rows = session.execute(
        select(CustomerOrder.member_id, func.sum(CustomerOrder.spend_minor))
        .where(
            among(CustomerOrder.member_id, member_ids),
            CustomerOrder.processed_at >= window_start(now),
        )
        .group_by(CustomerOrder.member_id)
    )
    return {member_id: int(spend) for member_id, spend in rows if member_id is not None}


def _order_row(shop_id: int, state: OrderState) -> Row:
    snapshot = state.newest()
    if snapshot is None:
        raise ValueError(state.order_id)
    return {
        "shop_id": shop_id,
        "order_id": state.order_id,
        "name": snapshot.name,
        "customer_id": snapshot.customer_id,
        "member_id": state.member_id,
        "processed_at": snapshot.processed_at,
        "updated_at": snapshot.updated_at,
        "paid_at": state.paid_at,
        "paid_state_at": state.paid_state_at,
        "paid_spend_minor": state.paid_spend_minor,
        "spend_minor": state.spend_minor,
        "original_spend_minor": state.original_spend_minor,
        "snapshot": snapshot,
        "deleted_at": state.deleted_at,
    }


def processing_order(state: OrderState) -> tuple[datetime, int]:
    """Return what orders are taken in by: the moment they were processed, then their id."""
    snapshot = state.newest()
    if snapshot is None:
        raise ValueError(state.order_id)
    return snapshot.processed_at, state.order_id


def _by_order_id(row: Row) -> int:
    order_id: int = row["order_id"]
    return order_id


def _last_of_each(rows: Iterable[Row]) -> list[Row]:
    return list({row["id"]: row for row in rows}.values())
