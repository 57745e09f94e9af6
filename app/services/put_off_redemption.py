"""Says when a job looks at a redemption next."""

from datetime import datetime

from sqlalchemy import ColumnElement, case, null, update
from sqlalchemy.orm import Session

from app.db.models import Redemption
from app.db.queries.redemptions import RedemptionRow
from app.services.open_redemption import read_redemption


def put_off_redemption(
    session: Session, redemption_id: int, *, seen_as: str, due_at: datetime | None
) -> RedemptionRow:
    """Let a redemption wait until `due_at` (None: for good) and return it as it stands.

    Nobody needs the code of a customer who is gone any more once nothing is left of it. One whose
    state is no longer the one it was `seen_as` is left as it is.
    """
    erased = {} if due_at else {"code": _unless_customer_is_gone()}
    session.execute(
        update(Redemption)
        .where(Redemption.id == redemption_id, Redemption.state == seen_as)
        .values(due_at=due_at, **erased)
    )
    return read_redemption(session, redemption_id)


def _unless_customer_is_gone() -> ColumnElement[bytes | None]:
    gone = Redemption.release_reason == "customer_gone"
    return case((gone, null()), else_=Redemption.code)
