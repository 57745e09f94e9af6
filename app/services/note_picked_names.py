"""Remembers what products and collections are called that merchants picked."""

from collections.abc import Mapping

from sqlalchemy.orm import Session

from app.db.bulk import upsert_rows
from app.db.models import PickedItem


def note_picked_names(
    session: Session, *, program_id: int, names: Mapping[tuple[str, int], str]
) -> None:
    """Keep the names by (kind, id); a newer name replaces the one before."""
    upsert_rows(
        session,
        PickedItem,
        [
            {"program_id": program_id, "kind": kind, "item_id": item_id, "title": title}
            for (kind, item_id), title in sorted(names.items())
        ],
    )
