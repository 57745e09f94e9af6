"""The rewards that a member holds: staff see what each is, and give it back after they were asked."""

import pytest

from app.clock import utc_now
from app.db.session import Tenant
from app.flows.redeem import redeem_reward
from app.services.save_reward import save_reward
from tests.app.fake_shopify import unavailable

CODE_GOES = "The code is deleted at Shopify and cannot be used any more."


@pytest.fixture
def tenant(opened):
    return Tenant(program_id=opened.program_id, shop_id=opened.shop_id)


@pytest.fixture
def hold(parts, tenant, buyer):
    """Return a function that has the member take a reward of a type for 100 points."""

    def hold(type_name, **config):
        with parts.database.tenant(tenant) as session:
            reward_id = save_reward(
                session,
                program_id=tenant.program_id,
                reward_id=None,
                type=type_name,
                points=100,
                config=config,
                active=True,
                now=utc_now(),
            )
        row = redeem_reward(
            parts, buyer, reward_id=reward_id, key=f"key-{type_name}", surface="widget"
        )
        return row.id

    return hold


@pytest.fixture
def told(admin, buyer):
    """Return a function that reads the member's page."""
    return lambda: " ".join(admin.get(f"/members/{buyer.member_id}").text.split())


def test_every_reward_says_what_it_is_and_what_giving_it_back_does(hold, told):
    hold("amount_off", amount_minor=5_000)
    hold("by_staff", what="A tea lesson")

    page = told()

    assert "Rewards held now" in page
    assert "Discount code · 100 points · good until" in page
    assert CODE_GOES in page
    assert "Done by staff · 100 points · ready" in page
    assert "Nobody has to do anything for it any more." in page
    assert page.count("The member gets 100 points back as soon as that is so.") == 2


def test_the_points_are_given_back_from_a_dialogue_and_not_before(
    admin, hold, told, buyer, balances, fake
):
    number = hold("amount_off", amount_minor=5_000)
    page = told()
    assert f'commandFor="give-back-{number}" command="--show"' in page
    dialogue = page[page.index(f'<s-modal id="give-back-{number}"') :]
    assert f'action="/members/{buyer.member_id}/redemptions/{number}/release"' in dialogue

    answer = admin.post(f"/members/{buyer.member_id}/redemptions/{number}/release")

    assert answer.location.endswith("?done=released")
    assert balances() == (1_000, 0)
    assert fake.codes == {}
    assert "Rewards held now" not in told()


def test_what_is_being_given_back_already_has_no_button(admin, hold, told, buyer, fake):
    number = hold("amount_off", amount_minor=5_000)
    fake.fail("delete_code", before=unavailable(maybe_done=True))

    answer = admin.post(f"/members/{buyer.member_id}/redemptions/{number}/release")

    assert answer.location.endswith("?done=releasing")
    page = told()
    assert "Discount code · 100 points · being given back" in page
    assert f"give-back-{number}" not in page
