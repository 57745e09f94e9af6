"""Gives points of a used redemption back."""

from datetime import datetime

from sqlalchemy.orm import Session

from app.db.ids import id_source
from app.db.models import Lot
from app.domain.errors import RedemptionNotOpen
from app.domain.expiry import GRACE_AFTER_RETURN
from app.domain.redeeming import give_back_spent
from app.services.open_redemption import open_redemption, save_redemption


def return_points(
    session: Session,
    *,
    redemption_id: int,
    points_in_all: int,
    now: datetime,
    ledger_key: bytes,
    actor: str = "system",
) -> int:
    """Give points back until `points_in_all` were; return how many that took.

    Cumulative, so that a repeat changes nothing. Never more than the redemption cost. Raises
    RedemptionNotOpen unless it was used.
    """
    opened = open_redemption(session, redemption_id, now)
    row = opened.row
    if row.state != "used":
        raise RedemptionNotOpen(redemption_id=redemption_id, state=row.state)
    points = min(points_in_all, row.points) - row.returned
    if points <= 0:
        return 0
    give_back_spent(
        opened.member.account,
        opened.allocations,
        points,
        opened.cause(f"return:{row.returned}", now),
        id_source(session, Lot),
        usable_until=now + GRACE_AFTER_RETURN,
    )
    row.returned += points
    save_redemption(session, opened, now=now, ledger_key=ledger_key, actor=actor)
    return points
