"""One bulk operation: what it was asked, how far it is, where its file lies."""

import secrets
import threading
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

FILE_LIVES = timedelta(days=7)
ENDED = frozenset({"CANCELED", "COMPLETED", "EXPIRED", "FAILED"})


@dataclass
class BulkOperation:
    """A query that runs in the background."""

    id: int
    query: str
    created_at: datetime
    file: Path
    status: str = "CREATED"
    error_code: str | None = None
    completed_at: datetime | None = None
    objects: int = 0
    roots: int = 0
    token: str = field(default_factory=lambda: secrets.token_urlsafe(24))
    cancelling: threading.Event = field(default_factory=threading.Event)

    @property
    def gid(self) -> str:
        """Its global id."""
        return f"gid://shopify/BulkOperation/{self.id}"

    @property
    def ended(self) -> bool:
        """Whether nothing more will happen."""
        return self.status in ENDED

    def has_file(self, now: datetime) -> bool:
        """Return whether its file can still be fetched; an empty result has none."""
        if self.completed_at is None or not self.roots:
            return False
        return now < self.completed_at + FILE_LIVES
