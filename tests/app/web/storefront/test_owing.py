"""Who owes points is told so, and how many, when a reward is refused."""

from datetime import timedelta
from uuid import uuid4

import pytest

from app.clock import utc_now
from app.services.adjust_points import adjust_points
from app.services.award_orders import award_orders
from tests.fixtures.orders import line, paid_order


@pytest.fixture
def owing(parts, opened, tenant, buyer):
    """The buyer spent all but 50 points, then an order of 1,000 was deleted."""
    now = utc_now()
    order = paid_order(
        1, line(1, 2_500_000), at=now, customer=buyer.customer_id, currency="THB", name="#1043"
    )
    matured = now + timedelta(days=15)
    key = parts.settings.ledger_key
    told = {"shop_id": opened.shop_id, "program_id": opened.program_id, "ledger_key": key}
    with parts.database.tenant(tenant) as session:
        award_orders(session, snapshots=[order], now=now, **told)
        adjust_points(
            session,
            program_id=opened.program_id,
            member_id=buyer.member_id,
            points=-1_950,
            key="spent",
            actor="system",
            note=None,
            now=matured,
            ledger_key=key,
        )
        award_orders(session, snapshots=[], deleted_order_ids=[1], now=matured, **told)


def test_a_reward_is_refused_with_what_is_owed(ask, owing, rewards, balances):
    assert balances() == (-950, 0)

    answer = ask("POST", "redeem", reward=rewards["amount_off"], key=str(uuid4()), locale="en")

    assert answer.status_code == 422
    assert answer.json["error"] == {
        "code": "not_enough_points",
        "text": "950 owed, filled by what you earn next",
    }
    assert balances() == (-950, 0)


def test_the_panel_shows_what_is_owed(ask, owing):
    told = ask("GET", "panel", locale="en").json["balance"]

    assert (told["available"], told["owed"]) == (0, 950)
    assert told["notes"] == ["950 points owed, filled by what you earn next"]
