"""The names of products, variants and collections that rules and rewards keep by id."""

from collections.abc import Mapping
from dataclasses import dataclass

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


@dataclass(frozen=True, slots=True, kw_only=True)
class PickedVariant:
    """A product variant as it was when it was picked."""

    title: str
    image_url: str | None


def picked_variants(session: Session, program_id: int) -> dict[int, PickedVariant]:
    """Return the variants that were ever picked, by Shopify's numeric id."""
    rows = session.execute(
        select(PickedItem.item_id, PickedItem.title, PickedItem.image_url).where(
            PickedItem.program_id == program_id, PickedItem.kind == "variant"
        )
    )
    return {row.item_id: PickedVariant(title=row.title, image_url=row.image_url) for row in rows}
