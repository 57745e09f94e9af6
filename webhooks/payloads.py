"""Reads the JSON of webhooks: of topics that say which fields they read, only those."""

from collections.abc import Callable
from functools import cache

import msgspec
import orjson

from webhooks.topics import topics

NO_JSON = orjson.JSONDecodeError
"""Raised for a body that is no JSON."""


def read_payload(topic: str, body: bytes) -> object:
    """Return what the body of a known topic tells; raise NO_JSON.

    An order of 10 kB is read in less than half the time that parsing all of it takes.
    """
    try:
        return _reader(topic)(body)
    except msgspec.MsgspecError:
        # It is not as its topic says: who translates it sees all of it, and says what is wrong.
        return orjson.loads(body)


@cache
def _reader(topic: str) -> Callable[[bytes], object]:
    fields = getattr(topics()[topic], "FIELDS", None)
    return orjson.loads if fields is None else msgspec.json.Decoder(fields).decode
