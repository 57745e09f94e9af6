"""Notes that Shopify is about to be asked for something that it would do twice if asked twice."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy import or_, select, update
from sqlalchemy.orm import InstrumentedAttribute, Session

from app.db.models import Redemption
from app.db.queries.redemptions import RedemptionRow

Claim = Literal["credit_asked_at", "debit_asked_at"]


def claim_credit(
    session: Session, held: RedemptionRow, *, now: datetime, again_after: timedelta
) -> bool:
    """Return whether the caller alone may ask for the credit now; see `_claim`.

    Nobody may once it is being taken back.
    """
    seen = held.credit_asked_at
    return _claim(session, Redemption.credit_asked_at, held.id, seen, now, again_after, ("held",))


def claim_debit(
    session: Session, redemption: RedemptionRow, *, now: datetime, again_after: timedelta
) -> bool:
    """Return whether the caller alone may ask for the debit now; see `_claim`."""
    return _claim(
        session,
        Redemption.debit_asked_at,
        redemption.id,
        redemption.debit_asked_at,
        now,
        again_after,
        ("held", "ready", "releasing", "released"),
    )


def give_claim_back(session: Session, redemption_id: int, claim: str, claimed_at: datetime) -> None:
    """Let somebody else ask at once: what was claimed at a moment certainly did not happen."""
    column = getattr(Redemption, claim)
    session.execute(
        update(Redemption)
        .where(Redemption.id == redemption_id, column == claimed_at)
        .values({claim: None})
    )


def note_withdrawn(session: Session, redemption_id: int, gid: str) -> None:
    """Note which transaction took a redemption's credit back."""
    session.execute(
        update(Redemption)
        .where(Redemption.id == redemption_id, Redemption.withdrawn_gid.is_(None))
        .values(withdrawn_gid=gid)
    )


def withdrawals_known(session: Session, shop_id: int, gids: Sequence[str]) -> frozenset[str]:
    """Return those transactions of which it is known whose credit they took back."""
    query = select(Redemption.withdrawn_gid).where(
        Redemption.shop_id == shop_id, Redemption.withdrawn_gid.in_(gids)
    )
    return frozenset(gid for gid in session.scalars(query) if gid is not None)


def _claim(
    session: Session,
    column: InstrumentedAttribute[datetime | None],
    redemption_id: int,
    seen: datetime | None,
    now: datetime,
    again_after: timedelta,
    states: Sequence[str],
) -> bool:
    """Note that it is asked for; False: somebody asked since it was looked for, or too lately.

    It has to be committed before Shopify is asked.
    """
    claimed = session.scalar(
        update(Redemption)
        .where(
            Redemption.id == redemption_id,
            Redemption.state.in_(states),
            column.is_not_distinct_from(seen),
            or_(column.is_(None), column <= now - again_after),
        )
        .values({column: now})
        .returning(Redemption.id)
    )
    return claimed is not None
