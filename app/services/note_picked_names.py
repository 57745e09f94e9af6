"""Remembers what products, variants and collections are called that merchants picked."""

from collections.abc import Mapping

from sqlalchemy.orm import Session

from app.db.bulk import upsert_rows
from app.db.models import PickedItem

NO_IMAGES: Mapping[tuple[str, int], str] = {}


def note_picked_names(
    session: Session,
    *,
    program_id: int,
    names: Mapping[tuple[str, int], str],
    images: Mapping[tuple[str, int], str] = NO_IMAGES,
) -> None:
    """Keep names and pictures by (kind, id); newer ones replace those before."""
    upsert_rows(
        session,
        PickedItem,
        [
            {
                "program_id": program_id,
                "kind": kind,
                "item_id": item_id,
                "title": title,
                "image_url": images.get((kind, item_id)),
            }
            for (kind, item_id), title in sorted(names.items())
        ],
    )
