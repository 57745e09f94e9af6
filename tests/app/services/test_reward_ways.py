"""The ledger knows every way in which points are spent, also when members become one."""

import pytest
from sqlalchemy import select

from app.db.models import Posting
from app.domain.errors import RedemptionNotOpen
from app.services.finish_redemption import finish_redemption
from app.services.mark_redemption_ready import mark_redemption_ready
from app.services.merge_members import merge_members
from app.services.release_redemption import release_redemption
from tests.fixtures.stores import LEDGER_KEY

CONFIGS = {
    "by_staff": {"what": "A tea class"},
    "donation": {"cause": "the elephants"},
    "gift_card": {"amount_minor": 500},
    "store_credit": {"amount_minor": 500, "life_days": 90},
}


@pytest.fixture
def store(instant_store):
    """A store where customer 1 has 1,000 points and customer 2 has 500."""
    instant_store.take_in(
        instant_store.order(100_000, customer=1), instant_store.order(50_000, customer=2)
    )
    return instant_store


def ready(store, type_, key="key"):
    taken = store.take(store.offer(type_, CONFIGS[type_]), key=key)
    with store.session() as session:
        mark_redemption_ready(session, redemption_id=taken.id, discount_gid=None, now=store.now)
    return taken.id


def finish(store, redemption_id):
    with store.session() as session:
        return finish_redemption(
            session, redemption_id=redemption_id, now=store.now, ledger_key=LEDGER_KEY
        )


def release(store, redemption_id):
    with store.session() as session:
        release_redemption(
            session,
            redemption_id=redemption_id,
            reason="undone",
            now=store.now,
            ledger_key=LEDGER_KEY,
        )


@pytest.mark.parametrize("type_", CONFIGS)
def test_what_no_order_uses_is_finished_once(store, type_):
    redemption_id = ready(store, type_)

    first, again = finish(store, redemption_id), finish(store, redemption_id)

    assert first == again
    assert (first.state, first.order_id) == ("used", None)
    assert store.balances() == (0, 900, 0)
    with pytest.raises(RedemptionNotOpen):
        release(store, redemption_id)


def test_what_was_taken_back_is_not_finished(store):
    redemption_id = ready(store, "by_staff")
    release(store, redemption_id)

    with pytest.raises(RedemptionNotOpen):
        finish(store, redemption_id)

    assert store.balances() == (0, 1_000, 0)


def test_a_code_is_finished_by_its_order_only(store):
    redemption_id = store.hold()

    with pytest.raises(RedemptionNotOpen):
        finish(store, redemption_id)


@pytest.mark.parametrize("type_", CONFIGS)
def test_members_become_one_with_everything_they_spent_and_hold(store, type_):
    used, open_ = ready(store, type_, "used"), ready(store, type_, "open")
    finish(store, used)
    kept_id = store.member_id(2)

    with store.session() as session:
        merge_members(
            session,
            shop_id=store.shop_id,
            program_id=store.program_id,
            kept_customer_id=2,
            merged_customer_id=1,
            now=store.now,
            ledger_key=LEDGER_KEY,
        )

    assert store.redemption(used).member_id == kept_id
    assert store.balances(2) == (0, 1_300, 100)
    release(store, open_)
    assert store.balances(2) == (0, 1_400, 0)


def test_a_donation_is_in_an_account_of_its_own(store):
    redemption_id = ready(store, "donation")
    finish(store, redemption_id)

    with store.session() as session:
        moved = session.execute(
            select(Posting.debit_account, Posting.credit_account, Posting.points)
            .where(Posting.redemption_id == redemption_id)
            .order_by(Posting.sequence)
        )
        assert [tuple(row) for row in moved] == [
            ("available", "held", 100),
            ("held", "donated", 100),
        ]
