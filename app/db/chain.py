"""The keyed hash chain of a member's postings: each link covers the one before it."""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from hashlib import sha256
from typing import TYPE_CHECKING

import orjson

from app.domain.ledger import Posting

if TYPE_CHECKING:
    from hashlib import _Hash

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_BLOCK_BYTES = 64


def next_link(
    ledger_key: bytes,
    previous: bytes,
    *,
    program_id: int,
    member_id: int,
    sequence: int,
    posting: Posting,
    actor: str,
    recorded_at: datetime,
) -> bytes:
    """Return the HMAC-SHA256 of the previous link (empty before the first) and a posting's fields.

    The fields are a JSON array in a fixed order, moments as microseconds since 1970 in UTC.
    """
    [link] = next_links(
        ledger_key,
        previous,
        program_id=program_id,
        member_id=member_id,
        sequence=sequence,
        postings=(posting,),
        actor=actor,
        recorded_at=recorded_at,
    )
    return link


def next_links(
    ledger_key: bytes,
    previous: bytes,
    *,
    program_id: int,
    member_id: int,
    sequence: int,
    postings: Iterable[Posting],
    actor: str,
    recorded_at: datetime,
) -> list[bytes]:
    """Return a link for each posting, the first of which has number `sequence`; see `next_link`."""
    link = linker(ledger_key)
    recorded_us = _microseconds(recorded_at)
    links = []
    for number, posting in enumerate(postings, sequence):
        previous = link(
            previous,
            (
                program_id,
                member_id,
                number,
                posting.kind,
                posting.debit,
                posting.credit,
                posting.points,
                posting.source_key,
                posting.award_id,
                posting.redemption_id,
                posting.lot_id,
                actor,
                _microseconds(posting.occurred_at),
                recorded_us,
            ),
        )
        links.append(previous)
    return links


def linker(ledger_key: bytes) -> Callable[[bytes, tuple[object, ...]], bytes]:
    """Return what makes a link of the one before it and a posting's fields, as `next_links` does.

    The fields are those of app.db.ledger_streams.CHAINED, in that order, moments as integers.
    """
    inner, outer = _keyed(ledger_key)

    def link(previous: bytes, fields: tuple[object, ...]) -> bytes:
        message, whole = inner.copy(), outer.copy()
        message.update(previous + orjson.dumps(fields))
        whole.update(message.digest())
        return whole.digest()

    return link


@lru_cache(maxsize=8)
def _keyed(ledger_key: bytes) -> "tuple[_Hash, _Hash]":
    """Return the two hashes of HMAC with the key taken in; a copy of each makes one HMAC.

    That takes half as long as hmac.digest, which takes in the key every time.
    """
    if len(ledger_key) > _BLOCK_BYTES:
        ledger_key = sha256(ledger_key).digest()
    block = ledger_key.ljust(_BLOCK_BYTES, b"\0")
    return sha256(bytes(byte ^ 0x36 for byte in block)), sha256(
        bytes(byte ^ 0x5C for byte in block)
    )


def _microseconds(moment: datetime) -> int:
    return (moment - _EPOCH) // _MICROSECOND
