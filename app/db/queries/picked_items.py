"""The names of products and collections that rules keep by id."""

from collections.abc import Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db.models import PickedItem

Names = Mapping[tuple[str, int], str]
"""(kind, Shopify's numeric id) → the name."""


def picked_names(session: Session, program_id: int) -> Names:
    """Return the names of all that was ever picked."""
    rows = session.execute(
        select(PickedItem.kind, PickedItem.item_id, PickedItem.title).where(
            PickedItem.program_id == program_id
        )
    )
    return {(row.kind, row.item_id): row.title for row in rows}
