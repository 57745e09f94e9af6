"""Settles the redemptions whose codes are on orders: used, given back, or taken again."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from app.db.accounts import MemberAccount
from app.db.allocations import (
    load_allocation_rows,
    lot_ids_of,
    remember,
    save_allocations,
    with_lots,
)
from app.db.bulk import Row, among, among_bytes, update_rows
from app.db.encryption import code_hash
from app.db.ids import id_source
from app.db.models import Lot as LotRow
from app.db.models import Redemption
from app.domain.expiry import GRACE_AFTER_RETURN
from app.domain.ledger import Cause
from app.domain.order_snapshot import OrderSnapshot
from app.domain.program_rules import ProgramRules
from app.domain.redeeming import Allocation, capture, give_back_spent
from app.domain.returns import points_to_return
from app.services.order_states import OrderState


@dataclass(slots=True, kw_only=True)
class SettledRedemption:
    """A redemption while it is being settled."""

    id: int
    member_id: int
    points: int
    returned: int
    state: str
    code_hash: bytes
    order_id: int | None
    used_at: datetime | None
    allocation_rows: list[Row] = field(default_factory=list)
    allocations: list[Allocation] | None = None
    """None until they are needed."""

    def taken_from(self, member: MemberAccount) -> list[Allocation]:
        """Return what it took, with the lots of its member's account."""
        if self.allocations is None:
            self.allocations = with_lots(self.allocation_rows, member)
        return self.allocations


class OrderRedemptions:
    """The redemptions that a batch of orders may settle."""

    def __init__(
        self, session: Session, shop_id: int, states: Sequence[OrderState], ledger_key: bytes
    ) -> None:
        self._session = session
        self._hashes = {state.order_id: _code_hashes(state, ledger_key) for state in states}
        hashes = frozenset[bytes]().union(*self._hashes.values())
        self._condition: ColumnElement[bool] = (Redemption.shop_id == shop_id) & or_(
            among_bytes(Redemption.code_hash, hashes), among(Redemption.order_id, self._hashes)
        )
        self._redemptions: list[SettledRedemption] = []
        self._changed: dict[int, SettledRedemption] = {}
        self._new_lot_id = id_source(session, LotRow)
        self.taken_again: list[int] = []

    def member_ids(self) -> set[int]:
        """Return whose redemptions they are, to be locked before anything is loaded."""
        return set(self._session.scalars(select(Redemption.member_id).where(self._condition)))

    def load(self) -> None:
        """Read the redemptions and what they took, now that their members are locked."""
        rows = self._session.execute(
            select(
                Redemption.id,
                Redemption.member_id,
                Redemption.points,
                Redemption.returned,
                Redemption.state,
                Redemption.code_hash,
                Redemption.order_id,
                Redemption.used_at,
            )
            .where(self._condition)
            .order_by(Redemption.id)
        )
        self._redemptions = [SettledRedemption(**row._mapping) for row in rows]
        if self._redemptions:
            found = load_allocation_rows(self._session, [each.id for each in self._redemptions])
            for redemption in self._redemptions:
                redemption.allocation_rows = found[redemption.id]

    def lot_ids(self) -> list[int]:
        """Return the lots that they took from."""
        return [lot_id for each in self._redemptions for lot_id in lot_ids_of(each.allocation_rows)]

    def settle(
        self,
        state: OrderState,
        snapshot: OrderSnapshot,
        accounts: Mapping[int, MemberAccount],
        rules: ProgramRules,
        now: datetime,
    ) -> None:
        """Use the redemptions of an order and give back what it gave back, each at most once."""
        hashes = self._hashes[state.order_id]
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
        self, redemption: SettledRedemption, order_id: int, member: MemberAccount, now: datetime
    ) -> None:
        cause = Cause(
            source=f"redemption:{redemption.id}:capture", at=now, redemption_id=redemption.id
        )
        if redemption.state == "released":
            # Shopify took the code although its points were given back: they are taken again.
            cause.source = f"redemption:{redemption.id}:again"
            taken = member.account.spend(
                "take_again", "redeemed", redemption.points, cause, into_debt=True
            )
            redemption.taken_from(member).extend(remember(self._session, taken))
            self.taken_again.append(redemption.id)
        else:
            capture(member.account, redemption.points, cause)
        redemption.state, redemption.order_id, redemption.used_at = "used", order_id, now
        self._note(redemption, member)

    def _give_back(
        self, redemption: SettledRedemption, owed: int, member: MemberAccount, now: datetime
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
            redemption.taken_from(member),
            points,
            cause,
            self._new_lot_id,
            usable_until=now + GRACE_AFTER_RETURN,
        )
        redemption.returned = owed
        self._note(redemption, member)

    def _note(self, redemption: SettledRedemption, member: MemberAccount) -> None:
        self._changed[redemption.id] = redemption
        member.changed = True

    def save(self) -> None:
        """Write the redemptions that changed."""
        update_rows(self._session, Redemption, [_row(each) for each in self._changed.values()])

    def save_allocations(self, program_id: int) -> None:
        """Write what was taken and given back; the lots must be written before."""
        for redemption in self._changed.values():
            save_allocations(
                self._session,
                redemption.allocations or (),
                program_id=program_id,
                member_id=redemption.member_id,
                redemption_id=redemption.id,
            )


def _code_hashes(state: OrderState, ledger_key: bytes) -> frozenset[bytes]:
    snapshot = state.newest()
    codes: Iterable[str] = snapshot.discount_codes if snapshot else ()
    return frozenset(code_hash(ledger_key, code) for code in codes)


def _row(redemption: SettledRedemption) -> Row:
    return {
        "id": redemption.id,
        "state": redemption.state,
        "order_id": redemption.order_id,
        "used_at": redemption.used_at,
        "returned": redemption.returned,
    }
