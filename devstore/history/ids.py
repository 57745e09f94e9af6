"""Ids for many records at once, taken from the store's own sequences in blocks."""

from collections.abc import Iterator

from devstore.store.customers import FIRST_CUSTOMER_ID
from devstore.store.database import Database
from devstore.store.order_table import FIRST_IDS, FIRST_NUMBER

FIRST = FIRST_IDS | {"customer": FIRST_CUSTOMER_ID, "order_number": FIRST_NUMBER}
BLOCK = 5000


class Ids:
    """Hands out ids; a block that is not used up leaves a gap, as ids may."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._blocks: dict[str, Iterator[int]] = {}

    def __call__(self, name: str) -> int:
        """Return the next id of a sequence."""
        found = next(self._blocks.get(name, iter(())), None)
        if found is None:
            last = self._database.next_id(name, FIRST[name] + BLOCK, BLOCK)
            self._blocks[name] = iter(range(last - BLOCK + 1, last + 1))
            found = next(self._blocks[name])
        return found

    def numbers(self, count: int) -> range:
        """Return order numbers without a gap."""
        last = self._database.next_id("order_number", FIRST_NUMBER + count - 1, count)
        return range(last - count + 1, last + 1)
