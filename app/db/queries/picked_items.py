"""The names of products, variants and collections that rules and rewards keep by id."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db.models import PickedItem
from app.db.wire import Answer, Trip, one_trip

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


_VARIANTS = """
    select item_id, title, image_url from picked_item
    where program_id = $1::bigint and kind = 'variant'
"""


def picked_variants(session: Session, program_id: int) -> dict[int, PickedVariant]:
    """Return the variants that were ever picked, by Shopify's numeric id."""
    with one_trip(session) as trip:
        variants = ask_variants(trip, program_id)
    return variants_of(variants)


def ask_variants(trip: Trip, program_id: int) -> Answer:
    """Ask for what `picked_variants` returns; see `variants_of`."""
    return trip.ask(_VARIANTS, (program_id,))


def variants_of(variants: Answer) -> dict[int, PickedVariant]:
    """Return the variants that were asked for."""
    return {
        item_id: PickedVariant(title=title, image_url=image_url)
        for item_id, title, image_url in variants.rows
    }
