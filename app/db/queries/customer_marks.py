"""Which customers carry what a tier asks for, and whose tags and companies are to be read."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, select, tuple_
from sqlalchemy.orm import Session

from app.db.models import CustomerMark, MarksWanted


def marked_customers(session: Session, shop_id: int, kind: str, value: str) -> set[int]:
    """Return the shop's customers who carry a tag or buy for a company, as far as is known."""
    return set(
        session.scalars(
            select(CustomerMark.customer_id).where(
                CustomerMark.shop_id == shop_id,
                CustomerMark.kind == kind,
                CustomerMark.value == value,
            )
        )
    )


def known_values(session: Session, shop_id: int, kind: str) -> set[str]:
    """Return the tags, or the companies, that customers of the shop are known to have."""
    return set(
        session.scalars(
            select(CustomerMark.value)
            .where(CustomerMark.shop_id == shop_id, CustomerMark.kind == kind)
            .distinct()
        )
    )


def wanted_marks(session: Session, shop_id: int, limit: int) -> Sequence[tuple[int, datetime]]:
    """Return customers to be read, with when that was last asked for."""
    rows = session.execute(
        select(MarksWanted.customer_id, MarksWanted.wanted_at)
        .where(MarksWanted.shop_id == shop_id)
        .order_by(MarksWanted.customer_id)
        .limit(limit)
    )
    return [(row.customer_id, row.wanted_at) for row in rows]


def drop_wanted(session: Session, shop_id: int, read: Sequence[tuple[int, datetime]]) -> None:
    """Forget readings that were done; those asked for again since are kept."""
    session.execute(
        delete(MarksWanted).where(
            MarksWanted.shop_id == shop_id,
            tuple_(MarksWanted.customer_id, MarksWanted.wanted_at).in_(read),
        )
    )
