"""The file of a bulk operation: fetched in one stream and dealt out to parts that fit into memory.

Shopify promises no order of its lines: a line item may stand anywhere after or before its order.
So each line goes to the part that its order's number says, and a part holds its orders whole. The
parts lie in a folder of this machine; elsewhere, or after they were lost, the file is fetched again
and gives the same parts.
"""

import hashlib
import shutil
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import orjson
import requests

from app.shopify.errors import ShopifyUnavailable

Node = dict[str, Any]

PART_BYTES = 4 * 1024 * 1024
PARTS_MAX = 512
PARTS_OF_UNKNOWN_SIZE = 128
BUFFER_BYTES = 32 * 1024
CONNECT_TIMEOUT_S, READ_TIMEOUT_S = 5.0, 60.0
COMPLETE = "complete"
PREFIX = "regulars-history-"
FORGOTTEN_AFTER_S = 24 * 3600


class FileGone(Exception):
    """The address of the file is no longer good."""


class FileIncomplete(Exception):
    """The file holds fewer orders than Shopify says it does."""


def parts_for(bytes_in_file: int | None) -> int:
    """Return how many parts a file is dealt out to; to be kept, for the parts depend on it."""
    if bytes_in_file is None:
        return PARTS_OF_UNKNOWN_SIZE
    return min(max(-(-bytes_in_file // PART_BYTES), 1), PARTS_MAX)


def discard_forgotten(*, root: Path | None = None) -> None:
    """Remove parts that nobody has touched for a day: they hold names, and who read them is gone."""
    oldest = time.time() - FORGOTTEN_AFTER_S
    for folder in (root or Path(tempfile.gettempdir())).glob(f"{PREFIX}*"):
        if folder.stat().st_mtime < oldest:
            shutil.rmtree(folder, ignore_errors=True)


class BulkFile:
    """The parts of one operation's file."""

    def __init__(self, operation_gid: str, parts: int, *, root: Path | None = None) -> None:
        digest = hashlib.sha256(operation_gid.encode()).hexdigest()[:24]
        self._folder = (root or Path(tempfile.gettempdir())) / f"{PREFIX}{digest}-{parts}"
        self.parts = parts

    @property
    def is_here(self) -> bool:
        """Whether this machine has all parts."""
        return (self._folder / COMPLETE).exists()

    def fetch(self, url: str, orders: int) -> None:
        """Fetch the file of so many orders and deal it out.

        What an earlier try left behind is thrown away. Only this user may read the folder. Raises
        FileGone, FileIncomplete, or ShopifyUnavailable, also half-way.
        """
        try:
            self._fetch(url, orders)
        except requests.RequestException as error:
            raise ShopifyUnavailable(
                shop_domain="", operation="bulk_file", reason=type(error).__name__
            ) from error

    def _fetch(self, url: str, orders: int) -> None:
        self.discard()
        self._folder.mkdir(mode=0o700, parents=True)
        with requests.get(
            url, stream=True, timeout=(CONNECT_TIMEOUT_S, READ_TIMEOUT_S), allow_redirects=True
        ) as response:
            if response.status_code in (400, 401, 403, 404, 410):
                raise FileGone(response.status_code)
            response.raise_for_status()
            found = self._deal_out(response.iter_lines(chunk_size=256 * 1024))
        if found != orders:
            raise FileIncomplete(f"{found} of {orders}")
        written = [part for part in range(self.parts) if self._path(part).exists()]
        (self._folder / COMPLETE).write_bytes(orjson.dumps(written))

    def orders(self, part: int) -> list[Node]:
        """Return the orders of a part, each whole, in the order of their numbers.

        Raises FileIncomplete when something has removed the part since it was written.
        """
        try:
            written = orjson.loads((self._folder / COMPLETE).read_bytes())
            return assemble(self._path(part).read_bytes().splitlines()) if part in written else []
        except FileNotFoundError as error:
            raise FileIncomplete(f"part {part}") from error

    def discard(self) -> None:
        """Remove the parts, if there are any."""
        shutil.rmtree(self._folder, ignore_errors=True)

    def _deal_out(self, lines: Iterable[bytes]) -> int:
        """Write each line to its part; return the number of orders among them."""
        orders = 0
        waiting: defaultdict[int, bytearray] = defaultdict(bytearray)
        for line in lines:
            if line:
                told = orjson.loads(line)
                orders += "__parentId" not in told
                part = _order_number(told) % self.parts
                waiting[part] += line + b"\n"
                if len(waiting[part]) > BUFFER_BYTES:
                    self._append(part, waiting.pop(part))
        for part, rest in waiting.items():
            self._append(part, rest)
        return orders

    def _append(self, part: int, lines: bytearray) -> None:
        with self._path(part).open("ab") as file:
            file.write(lines)

    def _path(self, part: int) -> Path:
        return self._folder / f"{part}.jsonl"


def assemble(lines: Iterable[bytes]) -> list[Node]:
    """Return the orders that these lines tell of, as GraphQL would nest them.

    Lines of anything but an order are left out.
    """
    orders: dict[str, Node] = {}
    children: defaultdict[str, list[Node]] = defaultdict(list)
    for text in lines:
        line = orjson.loads(text)
        parent = line.get("__parentId")
        if parent is None:
            orders[line["id"]] = line
        else:
            children[parent].append(line)
    return [
        order
        | {
            "lineItems": {"nodes": list(_of_type(children[gid], "LineItem"))},
            "shippingLines": {"nodes": list(_of_type(children[gid], "ShippingLine"))},
        }
        for gid, order in sorted(orders.items(), key=lambda item: int(item[1]["legacyResourceId"]))
    ]


def _of_type(lines: Iterable[Node], kind: str) -> Iterator[Node]:
    prefix = f"gid://shopify/{kind}/"
    return (line for line in lines if line["id"].startswith(prefix))


def _order_number(line: Node) -> int:
    gid: str = line.get("__parentId") or line["id"]
    return int(gid.rpartition("/")[2])
