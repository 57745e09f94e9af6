"""Tiers become tags, segments and free shipping at Shopify, whatever fails on the way."""

import pytest
from sqlalchemy import select, update

from app.clock import utc_now
from app.db.models import CustomerTag, Member, Program, Tier
from app.flows.push_member_metafields import push_member_metafields
from app.flows.push_widget_settings import push_widget_settings
from app.services.save_tiers import TierDraft, save_tiers
from app.shopify.errors import ShopifyUnavailable
from devstore.store import CartLine

SILVER, GOLD = "regulars-silver", "regulars-gold"


@pytest.fixture
def save(parts, tenant):
    """Return a function that saves Bronze, Silver and Gold with changes to their perks."""

    def save(silver=None, gold=None, without_gold=False):
        with parts.database.tenant(tenant) as session:
            ids = dict(session.execute(select(Tier.name, Tier.id)).all())
            tiers = [
                TierDraft(id=ids["Bronze"], name="Bronze", threshold=0, multiplier_bp=10_000),
                TierDraft(
                    id=ids.get("Silver"),
                    **{
                        "name": "Silver",
                        "threshold": 75,
                        "multiplier_bp": 10_000,
                        "customer_tag": SILVER,
                    }
                    | (silver or {}),
                ),
                TierDraft(
                    id=ids.get("Gold"),
                    **{
                        "name": "Gold",
                        "threshold": 90,
                        "multiplier_bp": 10_000,
                        "customer_tag": GOLD,
                        "free_shipping": True,
                    }
                    | (gold or {}),
                ),
            ]
            save_tiers(
                session,
                program_id=tenant.program_id,
                tiers=tiers[: 2 if without_gold else 3],
                now=utc_now(),
            )

    return save


@pytest.fixture
def raise_to(parts, tenant, buyer):
    """Return a function that gives the buyer a tier."""

    def raise_to(name):
        with parts.database.tenant(tenant) as session:
            tier_id = session.scalar(select(Tier.id).where(Tier.name == name))
            session.execute(
                update(Member)
                .where(Member.id == buyer.member_id)
                .values(tier_id=tier_id, version=Member.version + 1)
            )

    return raise_to


@pytest.fixture
def push(parts, opened):
    """Push members and programme, again and again while Shopify fails."""

    def push(tries=1):
        for left in reversed(range(tries)):
            try:
                push_widget_settings(parts, opened.program_id)
                push_member_metafields(parts, opened.program_id)
            except ShopifyUnavailable:
                if not left:
                    raise

    return push


def tags(running, customer):
    return set(running.store.customers.require(customer.id).tags)


def segments(running):
    return {each.name: each.query for each in running.store.segments.all()}


def shipping_of(running, customer):
    tea = running.store.products.by_handle("jasmine-tea").variants[0]
    cart = running.store.discounts.evaluate(
        (), customer.id, [CartLine(tea.id, 1)], running.store.clock.now(), 4000
    )
    return cart.total_minor - cart.subtotal_minor


def test_a_member_carries_the_tag_of_their_tier_and_no_other_of_ours(
    running, customer, save, raise_to, push
):
    running.store.customers.update(customer.id, tags=("tea lover",))
    save()
    raise_to("Silver")
    push()
    assert tags(running, customer) == {"tea lover", SILVER}

    raise_to("Gold")
    push()
    assert tags(running, customer) == {"tea lover", GOLD}

    raise_to("Bronze")
    push()
    assert tags(running, customer) == {"tea lover"}


def test_a_tag_that_the_merchant_gave_is_left_alone(running, customer, save, raise_to, push):
    running.store.customers.update(customer.id, tags=(GOLD,))
    save()
    raise_to("Silver")

    push()

    assert tags(running, customer) == {GOLD, SILVER}


@pytest.mark.parametrize("kind", ["before", "after", "500", "throttled"])
def test_tags_settle_when_shopify_fails_before_or_after_taking_effect(
    running, customer, save, raise_to, push, kind
):
    save()
    raise_to("Gold")
    running.fail("RetagCustomer", kind)
    push(tries=3)
    # Between an answer that was lost and the next try the member moves on.
    raise_to("Silver")
    push(tries=3)

    assert tags(running, customer) == {SILVER}


def test_a_tag_is_noted_before_shopify_is_asked_for_it(
    parts, running, customer, tenant, save, raise_to, push
):
    save()
    raise_to("Gold")
    for _ in range(6):
        running.fail("RetagCustomer", "after")
    with pytest.raises(ShopifyUnavailable):
        push()
    with parts.database.tenant(tenant) as session:
        noted = session.scalars(select(CustomerTag.tag)).all()

    assert noted == [GOLD]


def test_a_deleted_customer_holds_up_nobody(running, customer, save, raise_to, push, enrol):
    other = running.store.customers.create(first_name="Ped")
    enrol(other.id, 5)
    save(silver={"name": "Silver"})
    raise_to("Gold")
    running.store.customers.delete(customer.id)

    push()

    assert tags(running, other) == set()


def test_each_tier_with_a_tag_has_a_segment_that_follows_it(running, save, push):
    save()
    push()
    name = "Baan Cha Rewards: "
    assert segments(running) == {
        f"{name}Silver": f"customer_tags CONTAINS '{SILVER}'",
        f"{name}Gold": f"customer_tags CONTAINS '{GOLD}'",
    }
    kept = {each.id for each in running.store.segments.all()}

    save(silver={"customer_tag": "it's silver"})
    push()
    assert segments(running)[f"{name}Silver"] == r"customer_tags CONTAINS 'it\'s silver'"
    assert {each.id for each in running.store.segments.all()} == kept

    save(without_gold=True)
    push()
    assert list(segments(running)) == [f"{name}Silver"]


def test_a_segment_that_the_merchant_deleted_is_made_anew(running, save, push):
    save()
    push()
    for each in running.store.discounts.automatic.all():
        running.store.discounts.automatic.delete(each.id)
    for each in running.store.segments.all():
        running.store.segments.delete(each.id)

    save(silver={"customer_tag": "other"}, gold={"customer_tag": "gold"})
    push()

    assert len(segments(running)) == 2


@pytest.mark.parametrize("operation", ["CreateSegment", "CreateFreeShipping"])
@pytest.mark.parametrize("kind", ["before", "after", "500"])
def test_nothing_is_made_twice_when_an_answer_is_lost(running, save, push, operation, kind):
    save()
    running.fail(operation, kind)
    push(tries=3)
    push()

    assert len(running.store.segments.all()) == 2
    assert len(running.store.discounts.automatic.all()) == 1


def test_members_of_a_tier_with_free_shipping_pay_none(running, customer, save, raise_to, push):
    save()
    raise_to("Silver")
    push()
    assert shipping_of(running, customer) == 4000

    raise_to("Gold")
    push()
    assert shipping_of(running, customer) == 0

    save(gold={"free_shipping": False})
    push()
    assert shipping_of(running, customer) == 4000
    assert running.store.discounts.automatic.all() == []


def test_one_discount_serves_all_tiers_that_ship_for_free(running, customer, save, raise_to, push):
    save(silver={"free_shipping": True})
    raise_to("Silver")
    push()

    [discount] = running.store.discounts.automatic.all()
    assert len(discount.segment_ids) == 2
    assert discount.title == "Baan Cha Rewards"
    assert shipping_of(running, customer) == 0

    save(silver={"free_shipping": False})
    push()
    assert shipping_of(running, customer) == 4000


def test_pushing_again_asks_shopify_for_nothing(parts, running, save, push, tenant):
    save()
    push()
    before = running.store.segments.all(), running.store.discounts.automatic.all()
    with parts.database.tenant(tenant) as session:
        session.execute(update(Program).values(widget_version=Program.widget_version + 1))

    push()

    assert (running.store.segments.all(), running.store.discounts.automatic.all()) == before
