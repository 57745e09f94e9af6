"""Makes a redemption used by an order."""

from datetime import datetime

from sqlalchemy.orm import Session

from app.db.queries.redemptions import RedemptionRow
from app.domain.errors import RedemptionNotOpen
from app.domain.order_redemptions import take_again
from app.domain.redeeming import capture, remember
from app.services.open_redemption import open_redemption, save_redemption
from app.services.reward_stock import take_one_again


def capture_redemption(
    session: Session, *, redemption_id: int, order_id: int, now: datetime, ledger_key: bytes
) -> RedemptionRow:
    """Spend the held points for good; the same order again changes nothing.

    A released redemption is taken again, into debt if need be. Raises RedemptionNotOpen when
    another order used it. Orders do this themselves as they are taken in.
    """
    opened = open_redemption(session, redemption_id, now)
    row, account = opened.row, opened.member.account
    if row.state == "used":
        if row.order_id != order_id:
            raise RedemptionNotOpen(redemption_id=redemption_id, state="used")
        return row.as_it_stands()
    if row.state == "released":
        cause = opened.cause("again", now)
        taken = take_again(account, row.points, opened.allocations, cause)
        opened.allocations.extend(remember(taken))
        take_one_again(session, row.reward_id, row.terms)
    else:
        capture(account, row.points, opened.cause("capture", now))
    row.state, row.order_id, row.used_at, row.due_at = "used", order_id, now, None
    return save_redemption(session, opened, now=now, ledger_key=ledger_key, actor="system")
