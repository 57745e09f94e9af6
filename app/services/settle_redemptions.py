"""Loads and saves the redemptions that the orders of a batch may settle."""

from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db.allocations import load_allocation_rows, lot_ids_of, save_allocations, with_lots
from app.db.bulk import Row, bigints, byteas, update_rows
from app.db.encryption import code_hash
from app.db.ids import id_source
from app.db.models import Lot as LotRow
from app.db.models import Redemption
from app.db.wire import Answer, Trip
from app.domain.member_account import MemberAccount
from app.domain.order_history import OrderState
from app.domain.order_redemptions import OrderRedemption, OrderRedemptions
from app.services.reward_stock import take_one_again

_COLUMNS = (
    "id",
    "member_id",
    "points",
    "returned",
    "state",
    "code_hash",
    "order_id",
    "used_at",
)
_FOUND = """
    from redemption where shop_id = $1::bigint
        and (code_hash = any($2::bytea[]) or order_id = any($3::bigint[]))
"""
_MEMBERS = f"select distinct member_id {_FOUND}"
_REDEMPTIONS = f"select {', '.join(_COLUMNS)} {_FOUND} order by id"


class RedemptionLoader:
    """Finds whom to lock for the redemptions, then reads them and what they took."""

    def __init__(
        self, session: Session, shop_id: int, states: Sequence[OrderState], ledger_key: bytes
    ) -> None:
        self._session = session
        self._hashes = {state.order_id: _code_hashes(state, ledger_key) for state in states}
        hashes = frozenset[bytes]().union(*self._hashes.values())
        self._condition = (shop_id, byteas(hashes), bigints(self._hashes))
        self._redemptions: list[OrderRedemption] = []
        self._allocation_rows: Mapping[int, list[Row]] = {}

    def ask_members(self, trip: Trip) -> Answer:
        """Ask whose redemptions they are, to be locked before anything is loaded."""
        return trip.ask(_MEMBERS, self._condition)

    def ask(self, trip: Trip) -> Answer:
        """Ask for the redemptions, once their members are locked; see `load`."""
        return trip.ask(_REDEMPTIONS, self._condition)

    def load(self, redemptions: Answer) -> None:
        """Take the redemptions that were asked for, and read what they took."""
        self._redemptions = [
            OrderRedemption(**dict(zip(_COLUMNS, row, strict=True))) for row in redemptions.rows
        ]
        if self._redemptions:
            ids = [each.id for each in self._redemptions]
            self._allocation_rows = load_allocation_rows(self._session, ids)

    def lot_ids(self) -> list[int]:
        """Return the lots that they took from."""
        return [lot_id for rows in self._allocation_rows.values() for lot_id in lot_ids_of(rows)]

    def with_accounts(self, accounts: Mapping[int, MemberAccount]) -> OrderRedemptions:
        """Return the redemptions, tied to the lots of their members' accounts."""
        for redemption in self._redemptions:
            rows = self._allocation_rows.get(redemption.id, ())
            redemption.allocations = with_lots(rows, accounts[redemption.member_id])
        return OrderRedemptions(
            self._redemptions,
            self._hashes,
            id_source(self._session, LotRow),
        )


def save_redemptions(session: Session, redemptions: OrderRedemptions) -> None:
    """Write the redemptions that changed."""
    update_rows(session, Redemption, [_row(each) for each in redemptions.changed])


def save_their_allocations(
    session: Session, redemptions: OrderRedemptions, program_id: int
) -> None:
    """Write what was taken and given back; the lots must be written before."""
    for redemption in redemptions.changed:
        if redemption.allocations_changed:
            save_allocations(
                session,
                redemption.allocations,
                program_id=program_id,
                member_id=redemption.member_id,
                redemption_id=redemption.id,
            )


def take_stock_again(session: Session, redemptions: OrderRedemptions) -> None:
    """Take from the rewards' stock what was given back to it and used all the same."""
    if redemptions.taken_again:
        taken = session.execute(
            select(Redemption.reward_id, Redemption.terms).where(
                Redemption.id.in_(redemptions.taken_again)
            )
        )
        for reward_id, terms in sorted(taken, key=lambda row: row[0]):
            take_one_again(session, reward_id, terms)


def _code_hashes(state: OrderState, ledger_key: bytes) -> frozenset[bytes]:
    snapshot = state.newest()
    codes: Iterable[str] = snapshot.discount_codes if snapshot else ()
    return frozenset(code_hash(ledger_key, code) for code in codes)


def _row(redemption: OrderRedemption) -> Row:
    return {
        "id": redemption.id,
        "state": redemption.state,
        "order_id": redemption.order_id,
        "used_at": redemption.used_at,
        "returned": redemption.returned,
        "due_at": None,
    }
