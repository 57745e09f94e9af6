"""Order snapshots keep what they say, and learn of refunds that came before them."""

from datetime import UTC, datetime

import orjson

from app.db.bulk import as_json
from app.domain.order_snapshot import Refund, snapshot_from_json, with_refunds
from tests.app.domain.test_award import line, order

AT = datetime(2026, 5, 2, tzinfo=UTC)


def test_a_snapshot_survives_being_stored():
    refund = Refund(refund_id=5, created_at=AT, line_quantities=((1, 2),), amount_minor=3)
    snapshot = order(
        line(1, quantity=3, gross=900), cancelled_at=AT, refunds=(refund,), discount_codes=("A",)
    )

    assert snapshot_from_json(orjson.loads(as_json(snapshot))) == snapshot


def test_a_refund_that_came_first_lowers_what_is_left_of_its_lines():
    snapshot = order(line(1, quantity=3, gross=900), line(2, gross=100))
    refund = Refund(refund_id=5, created_at=AT, line_quantities=((1, 2),))

    merged = with_refunds(snapshot, [refund])

    assert [each.current_quantity for each in merged.lines] == [1, 1]
    assert merged.refunds == (refund,)


def test_a_refund_that_the_order_knows_of_counts_once():
    refund = Refund(refund_id=5, created_at=AT, line_quantities=((1, 2),))
    snapshot = order(line(1, quantity=3, gross=900, current_quantity=1), refunds=(refund,))

    assert with_refunds(snapshot, [refund]) is snapshot
