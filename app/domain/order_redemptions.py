"""The redemptions whose codes are on orders: used, given back, or taken again."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from app.domain.expiry import GRACE_AFTER_RETURN
from app.domain.ledger import Account, Cause, NewLotId, Taken
from app.domain.member_account import MemberAccount
from app.domain.order_history import OrderState
from app.domain.order_snapshot import OrderSnapshot
from app.domain.program_rules import ProgramRules
from app.domain.redeeming import (
    Allocation,
    capture,
    give_back_spent,
    remember,
    total_open,
)
from app.domain.returns import points_to_return


@dataclass(slots=True, kw_only=True)
class OrderRedemption:
    """A redemption while its order settles it."""

    id: int
    member_id: int
    points: int
    returned: int
    state: str
    code_hash: bytes
    order_id: int | None
    used_at: datetime | None
    allocations: list[Allocation] = field(default_factory=list)
    allocations_changed: bool = False


def take_again(
    account: Account, points: int, allocations: Iterable[Allocation], cause: Cause
) -> list[Taken]:
    """Take what a released redemption gave back, for Shopify took its code all the same.

    Into debt if need be. Nothing where the points were kept when the code lapsed: they are paid.
    """
    given_back = points - total_open(allocations)
    return account.spend("take_again", "redeemed", given_back, cause, into_debt=True)


class OrderRedemptions:
    """The redemptions that some orders may settle."""

    def __init__(
        self,
        redemptions: Iterable[OrderRedemption],
        code_hashes: Mapping[int, frozenset[bytes]],
        new_lot_id: NewLotId,
    ) -> None:
        """Take the redemptions in the order of their ids, and the hashes of each order's codes."""
        self._redemptions = list(redemptions)
        self._code_hashes = code_hashes
        self._new_lot_id = new_lot_id
        self._changed: dict[int, OrderRedemption] = {}
        self.taken_again: list[int] = []
        """Those that were released and used all the same."""

    @property
    def changed(self) -> Iterable[OrderRedemption]:
        """Those that were used or gave something back."""
        return self._changed.values()

    def settle(
        self,
        state: OrderState,
        snapshot: OrderSnapshot,
        accounts: Mapping[int, MemberAccount],
        rules: ProgramRules,
        now: datetime,
    ) -> None:
        """Use the redemptions of an order and give back what it gave back, each at most once.

        `rules` are those of the order: what is published later changes nothing for it.
        """
        if not self._redemptions:
            return
        hashes = self._code_hashes[state.order_id]
        for redemption in self._redemptions:
            member = accounts[redemption.member_id]
            if redemption.order_id is None and redemption.code_hash in hashes:
                self._use(redemption, state.order_id, member, now)
            if redemption.order_id == state.order_id:
                owed = points_to_return(
                    redemption.points,
                    snapshot,
                    rules.return_policy,
                    deleted=state.deleted_at is not None,
                )
                self._give_back(redemption, owed, member, now)

    def _use(
        self, redemption: OrderRedemption, order_id: int, member: MemberAccount, now: datetime
    ) -> None:
        cause = Cause(
            source=f"redemption:{redemption.id}:capture", at=now, redemption_id=redemption.id
        )
        if redemption.state == "released":
            cause.source = f"redemption:{redemption.id}:again"
            taken = take_again(member.account, redemption.points, redemption.allocations, cause)
            if taken:
                redemption.allocations += remember(taken)
                redemption.allocations_changed = True
                self.taken_again.append(redemption.id)
        else:
            capture(member.account, redemption.points, cause)
        redemption.state, redemption.order_id, redemption.used_at = "used", order_id, now
        self._note(redemption, member)

    def _give_back(
        self, redemption: OrderRedemption, owed: int, member: MemberAccount, now: datetime
    ) -> None:
        points = owed - redemption.returned
        if points <= 0:
            return
        cause = Cause(
            source=f"redemption:{redemption.id}:return:{redemption.returned}",
            at=now,
            redemption_id=redemption.id,
        )
        give_back_spent(
            member.account,
            redemption.allocations,
            points,
            cause,
            self._new_lot_id,
            usable_until=now + GRACE_AFTER_RETURN,
        )
        redemption.returned = owed
        redemption.allocations_changed = True
        self._note(redemption, member)

    def _note(self, redemption: OrderRedemption, member: MemberAccount) -> None:
        self._changed[redemption.id] = redemption
        member.changed = True
