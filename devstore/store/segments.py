"""Segments: customers who have a tag, kept under a name."""

import re
from dataclasses import dataclass, replace
from datetime import datetime

from devstore.store.clock import Clock
from devstore.store.codec import decode, encode
from devstore.store.customers import Customer
from devstore.store.database import Database

FIRST_SEGMENT_ID = 620_000_000_001
NAME_LENGTH_MAX = 255
# The one clause of Shopify's segment language that the development store knows.
HAS_TAG = re.compile(
    r"\s*customer_tags\s+(NOT\s+)?CONTAINS\s+'((?:[^'\\]|\\.)+)'\s*", re.IGNORECASE
)


class SegmentRefused(ValueError):
    """A segment cannot be kept; carries the field and the words for it."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field
        self.message = message


class UnknownSegment(LookupError):
    """There is no such segment."""


@dataclass(frozen=True)
class Segment:
    """Customers that a query finds."""

    id: int
    name: str
    query: str
    created_at: datetime
    updated_at: datetime

    @property
    def gid(self) -> str:
        """The segment's global id."""
        return f"gid://shopify/Segment/{self.id}"

    def has(self, customer: Customer) -> bool:
        """Return whether the customer belongs to it now."""
        clause = HAS_TAG.fullmatch(self.query)
        if clause is None:
            return False
        wanted = re.sub(r"\\(.)", r"\1", clause[2]).casefold()
        tagged = wanted in {tag.casefold() for tag in customer.tags}
        return tagged is not bool(clause[1])


class Segments:
    """The segment table."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def get(self, segment_id: int) -> Segment | None:
        """Return a segment, or None."""
        row = self._database.row("SELECT document FROM segment WHERE id = ?", segment_id)
        return None if row is None else decode(Segment, row["document"])

    def all(self) -> list[Segment]:
        """Return all segments, the oldest first."""
        rows = self._database.rows("SELECT document FROM segment ORDER BY id")
        return [decode(Segment, row["document"]) for row in rows]

    def create(self, name: str, query: str) -> Segment:
        """Keep a segment; raises SegmentRefused."""
        with self._database.transaction():
            now = self._clock.now()
            segment_id = self._database.next_id("segment", FIRST_SEGMENT_ID, 3)
            return self._save(Segment(segment_id, name.strip(), query.strip(), now, now))

    def update(self, segment_id: int, name: str | None, query: str | None) -> Segment:
        """Change a segment; raises SegmentRefused or UnknownSegment."""
        with self._database.transaction():
            segment = self.get(segment_id)
            if segment is None:
                raise UnknownSegment(segment_id)
            changed = replace(
                segment,
                name=segment.name if name is None else name.strip(),
                query=segment.query if query is None else query.strip(),
                updated_at=self._clock.now(),
            )
            return self._save(changed)

    def delete(self, segment_id: int) -> bool:
        """Delete a segment; return whether there was one."""
        with self._database.transaction() as connection:
            done = connection.execute("DELETE FROM segment WHERE id = ?", (segment_id,))
        return done.rowcount > 0

    def of(self, customer: Customer) -> frozenset[int]:
        """Return the ids of the segments that the customer belongs to now."""
        return frozenset(segment.id for segment in self.all() if segment.has(customer))

    def _save(self, segment: Segment) -> Segment:
        if not segment.name:
            raise SegmentRefused("name", "Name can't be blank")
        if len(segment.name) > NAME_LENGTH_MAX:
            raise SegmentRefused("name", "Name is too long (maximum is 255 characters)")
        if HAS_TAG.fullmatch(segment.query) is None:
            raise SegmentRefused("query", "Query is not one that the development store can find")
        if any(each.name == segment.name and each.id != segment.id for each in self.all()):
            raise SegmentRefused("name", "Name has already been taken")
        with self._database.transaction() as connection:
            connection.execute(
                "INSERT OR REPLACE INTO segment VALUES (?, ?)", (segment.id, encode(segment))
            )
        return segment
