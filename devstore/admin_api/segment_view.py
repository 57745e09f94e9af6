"""Segments as the Admin API shows them."""

from typing import Any

from devstore.admin_api.values import moment
from devstore.store.segments import Segment

View = dict[str, Any]


def segment_view(segment: Segment) -> View:
    """Return a Segment."""
    return {
        "__typename": "Segment",
        "id": segment.gid,
        "name": segment.name,
        "query": segment.query,
        "creationDate": moment(segment.created_at),
        "lastEditDate": moment(segment.updated_at),
    }
