"""Makes a redemption used that no order uses: made, done by staff, or its time to undo is over."""

from datetime import datetime

from sqlalchemy.orm import Session

from app.db.queries.redemptions import RedemptionRow
from app.domain.errors import RedemptionNotOpen
from app.domain.order_redemptions import take_again
from app.domain.redeeming import capture, remember
from app.domain.ways import WAYS
from app.services.open_redemption import open_redemption, save_redemption


def finish_redemption(
    session: Session,
    *,
    redemption_id: int,
    now: datetime,
    ledger_key: bytes,
    actor: str = "system",
    again: bool = False,
) -> RedemptionRow:
    """Spend a ready redemption's points for good; one that is used stays as it is.

    Donated points go to the account of their own. `again`: one that was released is taken again,
    into debt if need be, for what was made of it late was used all the same. Raises
    RedemptionNotOpen for one that is not ready, or whose code an order has to use.
    """
    opened = open_redemption(session, redemption_id, now)
    row = opened.row
    if row.state == "used":
        return row.as_it_stands()
    way = WAYS[row.way]
    open_states = ("ready", "released") if again else ("ready",)
    if row.state not in open_states or way.used_by == "order":
        raise RedemptionNotOpen(redemption_id=redemption_id, state=row.state)
    account = opened.member.account
    if row.state == "released":
        taken = take_again(account, row.points, opened.allocations, opened.cause("again", now))
        opened.allocations.extend(remember(taken))
    else:
        capture(account, row.points, opened.cause("capture", now), way.credit)
    row.state, row.used_at, row.due_at = "used", now, None
    return save_redemption(session, opened, now=now, ledger_key=ledger_key, actor=actor)
