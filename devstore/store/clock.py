"""The business clock: real time and a shift that people may advance."""

from datetime import UTC, datetime, timedelta

from devstore.store.database import Database


class Clock:
    """Now, shifted by as many seconds as the visitor has let pass."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def now(self) -> datetime:
        """Return the shifted time (aware, UTC), to the second as Shopify shows it."""
        shifted = datetime.now(UTC) + timedelta(seconds=self.offset_seconds())
        return shifted.replace(microsecond=0)

    def offset_seconds(self) -> int:
        """Return how far the business clock is ahead of the real one."""
        return int(self._database.setting("clock_offset") or 0)

    def advance(self, seconds: int) -> int:
        """Let `seconds` pass and return the new offset; time never goes back."""
        if seconds < 0:
            raise ValueError("The clock only goes forward.")
        with self._database.transaction():
            offset = self.offset_seconds() + seconds
            self._database.set_setting("clock_offset", str(offset))
        return offset
