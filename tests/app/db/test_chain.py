"""The keyed hash chain of a member's postings."""

import hmac
from datetime import UTC, datetime, timedelta, timezone

import pytest

from app.db.chain import next_link, next_links
from app.domain.ledger import Posting

KEY = bytes(range(32))
AT = datetime(2026, 1, 2, 3, 4, 5, 678_901, tzinfo=UTC)
EARN = Posting("earn", "issued", "pending", 500, "award:7:1:1", AT, 7, None, 9)
HOLD = Posting("hold", "available", "held", 20, "redemption:3:hold:1", AT, None, 3, 9)


def link(previous: bytes = b"", posting: Posting = EARN, sequence: int = 1, key: bytes = KEY):
    return next_link(
        key,
        previous,
        program_id=1,
        member_id=2,
        sequence=sequence,
        posting=posting,
        actor="système",
        recorded_at=AT + timedelta(seconds=1),
    )


@pytest.mark.parametrize("key", [b"short", KEY, bytes(64), b"longer than a block" * 9])
def test_a_link_is_an_hmac_of_the_previous_one_and_a_json_array(key):
    fields = (
        '[1,2,1,"earn","issued","pending",500,"award:7:1:1",7,null,9,"système",'
        "1767323045678901,1767323046678901]"
    )

    assert link(b"before", key=key) == hmac.digest(key, b"before" + fields.encode(), "sha256")


def test_links_of_many_postings_are_those_of_one_after_the_other():
    first = link()
    second = link(first, HOLD, 2)

    together = next_links(
        KEY,
        b"",
        program_id=1,
        member_id=2,
        sequence=1,
        postings=[EARN, HOLD],
        actor="système",
        recorded_at=AT + timedelta(seconds=1),
    )

    assert together == [first, second]


@pytest.mark.parametrize(
    "change",
    [{"points": 501}, {"lot_id": None}, {"source_key": "award:7:1:2"}, {"credit": "available"}],
)
def test_any_change_of_a_posting_shows(change):
    assert link(posting=EARN._replace(**change)) != link()


def test_the_time_zone_that_a_moment_is_told_in_does_not_matter():
    bangkok = AT.astimezone(timezone(timedelta(hours=7)))

    assert link(posting=EARN._replace(occurred_at=bangkok)) == link()
