"""The keyed hash chain of a member's postings: each link covers the one before it."""

import hmac
from datetime import UTC, datetime, timedelta

import orjson

from app.domain.ledger import Posting

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


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
    fields = orjson.dumps(
        (
            program_id,
            member_id,
            sequence,
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
            _microseconds(recorded_at),
        )
    )
    return hmac.digest(ledger_key, previous + fields, "sha256")


def _microseconds(moment: datetime) -> int:
    return (moment - _EPOCH) // _MICROSECOND
