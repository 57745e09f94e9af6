"""What is known of a shop's orders."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db.models import CustomerOrder


def order_names(session: Session, shop_id: int, order_ids: Sequence[int]) -> dict[int, str]:
    """Return the names ("#1043") of orders by id; unknown ones are left out."""
    rows = session.execute(
        select(CustomerOrder.order_id, CustomerOrder.name).where(
            CustomerOrder.shop_id == shop_id, CustomerOrder.order_id.in_(order_ids)
        )
    )
    return {row.order_id: row.name for row in rows}


def order_moments(session: Session, shop_id: int, order_ids: Sequence[int]) -> dict[int, datetime]:
    """Return `updated_at` of the orders that are known, by id."""
    rows = session.execute(
        select(CustomerOrder.order_id, CustomerOrder.updated_at).where(
            CustomerOrder.shop_id == shop_id, CustomerOrder.order_id.in_(order_ids)
        )
    )
    return {row.order_id: row.updated_at for row in rows}
