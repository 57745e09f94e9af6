"""Each type of reward at the development store: taken, paid with, refunded, taken back.

A shop in US dollars where Mali has 1,000 points; ten packets of tea at $4.80 are $48.
"""

from datetime import timedelta

import pytest

from app.clock import utc_now
from app.domain.errors import NotEnoughPoints, RedemptionNotOpen, RewardUnavailable
from app.domain.redemption_times import LATE_MAKE
from app.domain.reward_choice import InvalidChoice
from app.flows.lapse_redemptions import lapse_redemptions
from app.flows.settle_held import settle_held_redemptions
from app.services.finish_redemption import finish_redemption
from devstore.store.terms import Terms
from tests.app.with_devstore.counter import Counter

TEA = 10
"""Ten packets of the first tea are $48."""


@pytest.fixture
def town(shop):
    return shop(grant_optional_scopes=True)


@pytest.fixture
def counter(town):
    customer = town.customer()
    town.tell()
    return Counter(town, customer)


def discount(counter, redemption):
    return counter.town.store.discounts.by_code(counter.code(redemption))


def buy_with(counter, redemption, *quantities):
    order = counter.town.buy(
        counter.customer, *quantities, discount_codes=[counter.code(redemption)]
    )
    counter.town.tell()
    return order


def finish(counter, redemption):
    parts, town = counter.town.parts, counter.town
    with parts.database.tenant(town.tenant) as session:
        return finish_redemption(
            session,
            redemption_id=redemption.id,
            now=utc_now(),
            ledger_key=parts.settings.ledger_key,
            actor="staff:1",
        )


CODES = {
    "amount_off": ({"amount_minor": 500}, {}, 500),
    "slider": ({"amount_minor": 100}, {"points": 300}, 300),
    "percentage_off": ({"percentage_bp": 2_500}, {}, 1_200),
    "free_product": (None, {}, 480),
}


@pytest.mark.parametrize("type_", CODES)
def test_a_code_takes_off_what_it_says_and_a_refund_gives_points_back(counter, type_):
    config, choice, off_minor = CODES[type_]
    reward_id = counter.offer(type_, config or {"variant_ids": [counter.town.variant(0)]})
    taken = counter.redeem(reward_id, choice)
    cost = taken.points
    assert (taken.state, counter.points()) == ("ready", (1_000 - cost, cost))

    order = buy_with(counter, taken, TEA)

    assert order.discount_minor == off_minor
    assert (counter.now(taken).state, counter.points()) == ("used", (1_000 - cost, 0))
    counter.town.store.orders.refund(order.id, [(order.lines[0].id, TEA // 2)])
    counter.town.tell()
    assert counter.now(taken).returned == cost // 2
    counter.town.store.orders.refund_rest(order.id)
    counter.town.tell()
    assert counter.points()[0] == 1_000
    assert counter.proved()


def test_free_shipping_takes_the_shipping_off(counter):
    taken = counter.redeem(counter.offer("free_shipping", {"minimum_subtotal_minor": 2_000}))

    found = discount(counter, taken)
    assert (found.kind, found.minimum_subtotal_minor) == ("free_shipping", 2_000)


def test_only_one_piece_of_a_free_product_is_free(counter):
    variants = [counter.town.variant(0), counter.town.variant(1)]
    taken = counter.redeem(
        counter.offer("free_product", {"variant_ids": variants}), {"variant_id": variants[1]}
    )

    order = buy_with(counter, taken, 2, 3)

    assert order.discount_minor == 400
    assert [line.discount_minor for line in order.lines] == [0, 400]


@pytest.mark.parametrize(
    ("choice", "code"),
    [
        ({}, "nothing_picked"),
        ({"points": 250}, "not_a_multiple"),
        ({"points": 100}, "too_few"),
        ({"points": 600}, "too_many"),
        ({"points": 200, "amount": 1}, "nothing_picked"),
        ({"points": "200"}, "nothing_picked"),
    ],
)
def test_a_slider_sells_its_own_steps_only(counter, choice, code):
    config = {"amount_minor": 100, "least_points": 200, "most_points": 500}
    reward_id = counter.offer("slider", config)

    with pytest.raises(InvalidChoice) as refused:
        counter.redeem(reward_id, choice)

    assert (refused.value.code, counter.points()) == (code, (1_000, 0))


def test_a_slider_without_an_end_ends_with_the_points(counter):
    reward_id = counter.offer("slider", {"amount_minor": 1}, points=1)

    with pytest.raises(NotEnoughPoints):
        counter.redeem(reward_id, {"points": 1_001})
    taken = counter.redeem(reward_id, {"points": 1_000})

    assert discount(counter, taken).amount_minor == 1_000
    assert counter.points() == (0, 1_000)


def test_a_variant_that_is_gone_gives_the_points_back(counter):
    taken = counter.redeem(counter.offer("free_product", {"variant_ids": [17]}))

    assert (taken.state, taken.release_reason) == ("released", "refused")
    assert counter.points() == (1_000, 0)


def test_a_code_is_for_the_products_its_reward_is_for(counter):
    product = counter.town.store.products.all()[1]
    collection = product.collections[0]
    reward_id = counter.offer(
        "amount_off",
        {"amount_minor": 300},
        collection_ids=(collection.id,),
        combines_with=("shipping",),
        code_prefix="TEA",
        code_days=3,
    )

    taken = counter.redeem(reward_id)

    found = discount(counter, taken)
    assert found.code.startswith("TEA-")
    assert found.collection_ids == (collection.id,)
    assert found.discount_class == "PRODUCT"
    assert (found.combines_with.order, found.combines_with.shipping) == (False, True)
    assert found.ends_at - found.created_at < timedelta(days=3, minutes=1)


def test_store_credit_is_in_the_account_and_pays(counter):
    reward_id = counter.offer("store_credit", {"amount_minor": 700, "life_days": 90})
    taken = counter.redeem(reward_id)
    account = counter.town.store.store_credit.of_customer(counter.customer.id)
    assert (taken.state, account.balance_minor) == ("ready", 700)
    assert counter.found(taken).used is False

    order = counter.town.buy(counter.customer, 1, terms=Terms(store_credit=True))
    counter.town.tell()

    assert [each.gateway for each in order.transactions] == ["shopify_store_credit"]
    assert counter.found(taken).used is True
    with pytest.raises(RedemptionNotOpen):
        counter.undo(taken)
    assert (counter.now(taken).state, counter.points()) == ("used", (900, 0))
    counter.town.store.orders.refund_rest(order.id)
    counter.town.tell()
    # The credit itself came back; points would be a second refund.
    account = counter.town.store.store_credit.of_customer(counter.customer.id)
    assert account.balance_minor == 700
    assert (counter.now(taken).returned, counter.proved()) == (0, True)


def test_a_gift_card_pays_and_is_filled_again_by_a_refund(counter):
    taken = counter.redeem(counter.offer("gift_card", {"amount_minor": 2_000, "life_days": 30}))
    card = counter.town.store.gift_cards.of_code(counter.code(taken))
    assert (taken.state, card.balance_minor, card.customer_id) == (
        "ready",
        2_000,
        counter.customer.id,
    )

    order = counter.town.buy(counter.customer, TEA, terms=Terms(gift_card_ids=(card.id,)))
    counter.town.tell()

    paid = [(each.gateway, each.amount_minor) for each in order.transactions]
    assert paid == [("gift_card", 2_000), ("bogus", 2_800)]
    with pytest.raises(RedemptionNotOpen):
        counter.undo(taken)
    assert counter.now(taken).state == "used"
    counter.town.store.orders.refund_rest(order.id)
    counter.town.tell()
    assert counter.town.store.gift_cards.get(card.id).balance_minor == 2_000
    assert (counter.points(), counter.proved()) == ((900, 0), True)


GIVEN = {
    "store_credit": ("storeCreditAccountCredit", {"amount_minor": 700, "life_days": 90}),
    "gift_card": ("giftCardCreate", {"amount_minor": 700}),
}


def left_at_the_store(counter):
    """Return all that was given away and can be spent."""
    store = counter.town.store
    account = store.store_credit.of_customer(counter.customer.id)
    cards = [card.balance_minor for card in store.gift_cards.all() if card.enabled]
    return sum(cards) + (account.balance_minor if account else 0)


@pytest.mark.parametrize("type_", GIVEN)
def test_money_that_was_not_touched_can_be_taken_back(counter, type_):
    taken = counter.redeem(counter.offer(type_, GIVEN[type_][1]))
    assert left_at_the_store(counter) == 700

    undone = counter.undo(taken)

    assert (undone.state, counter.points()) == ("released", (1_000, 0))
    assert left_at_the_store(counter) == 0
    assert counter.found(taken) is None
    assert counter.undo(taken).state == "released"
    assert counter.proved()


@pytest.mark.parametrize("type_", GIVEN)
@pytest.mark.parametrize("kind", ["before", "after", "500", "throttled"])
def test_money_is_given_once_whatever_fails(counter, type_, kind):
    operation, config = GIVEN[type_]
    reward_id = counter.offer(type_, config)
    counter.fail(operation, kind)

    counter.redeem(reward_id, key="the-same-key")
    for _ in range(3):
        counter.redeem(reward_id, key="the-same-key")
        counter.town.later(seconds=LATE_MAKE.total_seconds() / 2)
        settle_held_redemptions(counter.town.parts, counter.town.tenant.shop_id)

    assert counter.states() == ["ready"]
    assert left_at_the_store(counter) == 700
    assert counter.points() == (900, 100)


@pytest.mark.parametrize("kind", ["before", "after", "500", "throttled"])
def test_store_credit_is_taken_back_once_whatever_fails(counter, kind):
    reward_id = counter.offer("store_credit", {"amount_minor": 700, "life_days": 90})
    kept, undone = counter.redeem(reward_id), counter.redeem(reward_id)
    counter.fail("storeCreditAccountDebit", kind)

    counter.undo(undone)
    for _ in range(3):
        counter.town.later(seconds=LATE_MAKE.total_seconds())
        settle_held_redemptions(counter.town.parts, counter.town.tenant.shop_id)

    assert counter.states() == ["ready", "released"]
    assert left_at_the_store(counter) == 700
    assert counter.found(kept).used is False
    assert (counter.points(), counter.proved()) == ((900, 100), True)


def test_two_credits_of_one_moment_are_told_apart(counter):
    reward_id = counter.offer("store_credit", {"amount_minor": 700, "life_days": 90})

    one, other = counter.redeem(reward_id), counter.redeem(reward_id)

    assert counter.found(one).gid != counter.found(other).gid
    assert one.terms["credit_ends_at"] != other.terms["credit_ends_at"]


@pytest.mark.parametrize("type_", GIVEN)
def test_money_is_the_members_for_good_once_the_time_to_undo_is_over(counter, type_):
    taken = counter.redeem(counter.offer(type_, GIVEN[type_][1], code_days=2))
    counter.town.later(days=1)
    assert lapse_redemptions(counter.town.parts, counter.buyer.program_id) == 0

    counter.town.later(days=1)
    assert lapse_redemptions(counter.town.parts, counter.buyer.program_id) == 1
    assert lapse_redemptions(counter.town.parts, counter.buyer.program_id) == 0
    assert (counter.now(taken).state, counter.points()) == ("used", (900, 0))
    assert left_at_the_store(counter) == 700
    with pytest.raises(RedemptionNotOpen):
        counter.undo(taken)
    assert counter.proved()


@pytest.mark.parametrize("type_", GIVEN)
def test_money_needs_scopes_that_the_merchant_grants(shop, type_):
    town = shop()
    customer = town.customer()
    town.tell()
    counter = Counter(town, customer)

    taken = counter.redeem(counter.offer(type_, GIVEN[type_][1]))

    assert (taken.state, taken.release_reason) == ("released", "refused")
    assert counter.points() == (1_000, 0)


def test_a_card_larger_than_shopify_makes_gives_the_points_back(counter):
    taken = counter.redeem(counter.offer("gift_card", {"amount_minor": 300_000}))

    assert (taken.state, counter.points()) == ("released", (1_000, 0))


def test_a_donation_is_used_at_once_and_donated(counter):
    taken = counter.redeem(
        counter.offer("donation", {"cause": "the elephants", "amount_minor": 500})
    )

    assert (taken.state, counter.points()) == ("used", (900, 0))
    assert counter.proved()
    with pytest.raises(RedemptionNotOpen):
        counter.undo(taken)


def test_what_staff_do_is_used_when_they_have_done_it(counter):
    reward_id = counter.offer("by_staff", {"what": "A tea class"})
    done, cancelled = counter.redeem(reward_id), counter.redeem(reward_id)
    assert done.state == "ready"
    counter.town.later(days=60)
    assert lapse_redemptions(counter.town.parts, counter.buyer.program_id) == 0

    assert finish(counter, done).state == "used"
    assert finish(counter, done).state == "used"
    assert counter.undo(cancelled).state == "released"

    with pytest.raises(RedemptionNotOpen):
        finish(counter, cancelled)
    assert counter.points() == (900, 0)
    assert counter.proved()


def test_the_last_one_is_sold_once_and_can_be_sold_again(counter):
    reward_id = counter.offer("amount_off", {"amount_minor": 500}, stock=1)
    taken = counter.redeem(reward_id)

    with pytest.raises(RewardUnavailable) as refused:
        counter.redeem(reward_id)
    assert [each.code for each in refused.value.obstacles] == ["sold_out"]

    counter.undo(taken)
    assert counter.redeem(reward_id).state == "ready"


def test_a_reward_for_a_tag_is_for_customers_who_carry_it(counter):
    reward_id = counter.offer("amount_off", {"amount_minor": 500}, customer_tags=("VIP",))

    with pytest.raises(RewardUnavailable) as refused:
        counter.redeem(reward_id)
    counter.town.store.customers.update(counter.customer.id, tags=("vip",))

    assert [each.code for each in refused.value.obstacles] == ["not_for_you"]
    assert counter.redeem(reward_id).state == "ready"
