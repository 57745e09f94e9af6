"""What a page reads of a member's lots is bounded by days, not by how often they bought."""

from app.db.queries.memberships import memberships
from app.domain.standing import standing_of
from tests.fixtures.stores import Store


def test_matured_lots_of_one_day_are_read_as_one(store: Store):
    for _ in range(3):
        store.take_in(store.order(10_000))
        store.later(hours=2)
    store.later(days=1)
    store.take_in(store.order(5_000))
    store.later(days=20)
    store.take_in(store.order(2_000))

    with store.session() as session:
        [member] = memberships(session, [store.member_id()]).values()

    lots = [(lot.matured, lot.points, lot.remaining) for lot in member.account.lots]
    assert lots == [(True, 300, 300), (True, 62, 62), (False, 25, 25)]
    standing = standing_of(member.account, store.now, "Asia/Bangkok")
    assert (standing.available, standing.pending) == (362, 25)
    assert standing.next_expiry.points == 300
    assert standing.next_available.points == 25
