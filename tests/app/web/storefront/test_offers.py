"""What the widget is told of rewards with choices, conditions and words of the merchant's own."""

from datetime import timedelta

import pytest

from app.clock import utc_now
from app.db.models import Tier
from app.domain.reward_offer import RewardOffer
from app.services.note_picked_names import note_picked_names
from app.services.save_reward import save_reward

KEY = "8a4f3c7e-5d1e-4b6b-9a55-3f6f9f9d1c11"


@pytest.fixture
def offer(parts, tenant, buyer):
    """Return a function that adds a reward and returns its id as the widget has it."""

    def offer(type_name, config, points=100, **offer):
        with parts.database.tenant(tenant) as session:
            reward_id = save_reward(
                session,
                program_id=tenant.program_id,
                reward_id=None,
                type=type_name,
                points=points,
                config=config,
                active=True,
                now=utc_now(),
                offer=RewardOffer(**offer),
            )
        return str(reward_id)

    return offer


@pytest.fixture
def shown(ask):
    """Return a function that tells how the panel shows a reward, or None."""

    def shown(reward_id, **query):
        rewards = ask("GET", "panel", **{"locale": "en"} | query).json["rewards"]
        return next((reward for reward in rewards if reward["id"] == reward_id), None)

    return shown


def test_a_slider_offers_each_multiple_that_the_balance_pays_for(offer, shown):
    reward = shown(offer("slider", {"amount_minor": 1_000, "least_points": 200}))

    assert [stop["id"] for stop in reward["stops"]] == [str(n) for n in range(200, 1_001, 100)]
    assert reward["stops"][0] == {"id": "200", "gain": "฿20 off", "cost": "200 of 1,000 points"}
    assert reward["start"] == 8
    assert reward["detail"] == "100 points for each ฿10"


def test_a_slider_starts_at_the_most_that_the_cart_can_take(offer, shown):
    reward = shown(offer("slider", {"amount_minor": 1_000}), subtotal="5500", currency="THB")

    assert reward["stops"][reward["start"]]["gain"] == "฿50 off"


def test_a_long_slider_has_few_stops_and_still_reaches_the_whole_balance(offer, shown):
    reward = shown(offer("slider", {"amount_minor": 10}, points=1))

    assert len(reward["stops"]) <= 121
    assert reward["stops"][-1]["id"] == "1000"


def test_the_picked_amount_is_what_is_taken(ask, offer, balances):
    slider = offer("slider", {"amount_minor": 1_000})

    answer = ask("POST", "redeem", reward=slider, key=KEY, choice="300", locale="en").json

    assert answer["redemption"]["title"] == "฿30 off"
    assert answer["redemption"]["cart"]
    assert balances() == (700, 300)


@pytest.mark.parametrize("choice", ["250", "0", "x", "1100"])
def test_an_amount_that_is_not_offered_takes_nothing(ask, offer, balances, choice):
    slider = offer("slider", {"amount_minor": 1_000, "most_points": 1_000})

    answer = ask("POST", "redeem", reward=slider, key=KEY, choice=choice)

    assert answer.status_code == 422
    assert balances() == (1_000, 0)


def test_products_are_shown_with_name_and_picture_and_one_is_picked(
    ask, offer, shown, parts, tenant
):
    picture = "https://cdn.example/tea.svg"
    with parts.database.tenant(tenant) as session:
        note_picked_names(
            session,
            program_id=tenant.program_id,
            names={("variant", 41): "Jasmine tea", ("variant", 42): "Oolong"},
            images={("variant", 41): picture},
        )
    reward_id = offer("free_product", {"variant_ids": [41, 42]})

    assert shown(reward_id)["products"] == [
        {"id": "41", "title": "Jasmine tea", "image": picture},
        {"id": "42", "title": "Oolong", "image": None},
    ]
    answer = ask("POST", "redeem", reward=reward_id, key=KEY, choice="42", locale="en").json
    assert (answer["redemption"]["title"], answer["redemption"]["variant"]) == ("Oolong", "42")


def test_the_merchants_own_words_and_picture_come_first(offer, shown):
    words = {"en": {"name": "A welcome gift", "detail": "From us"}, "th": {"name": "ของขวัญ"}}
    reward_id = offer(
        "amount_off", {"amount_minor": 5_000}, words=words, image_url="https://cdn.example/a.png"
    )

    english, thai = shown(reward_id), shown(reward_id, locale="th")

    assert (english["title"], english["detail"]) == ("A welcome gift", "From us · 100 points")
    assert english["image"] == "https://cdn.example/a.png"
    assert thai["title"] == "ของขวัญ"


def test_a_cart_that_is_too_small_is_told_before_points_move(ask, offer, shown, balances):
    reward_id = offer("amount_off", {"amount_minor": 5_000, "minimum_subtotal_minor": 30_000})
    cart = {"subtotal": "10000", "currency": "THB"}

    assert shown(reward_id, **cart)["reason"] == "add ฿200 more"
    answer = ask("POST", "redeem", reward=reward_id, key=KEY, locale="en", **cart)

    assert answer.status_code == 422
    assert answer.json["error"]["text"] == "Add ฿200 more to use this reward."
    assert balances() == (1_000, 0)


@pytest.mark.parametrize("cart", [{}, {"subtotal": "100", "currency": "USD"}, {"subtotal": "x"}])
def test_a_cart_that_is_not_known_hinders_nothing(offer, shown, cart):
    reward_id = offer("amount_off", {"amount_minor": 5_000, "minimum_subtotal_minor": 30_000})

    assert shown(reward_id, **cart)["state"] == "available"


def test_a_code_whose_cart_shrank_says_what_is_missing(ask, offer):
    reward_id = offer("amount_off", {"amount_minor": 5_000, "minimum_subtotal_minor": 30_000})
    ask("POST", "redeem", reward=reward_id, key=KEY)

    panel = ask("GET", "panel", locale="en", subtotal="29950", currency="THB").json

    assert panel["redemptions"][0]["hint"] == "add ฿0.50 more"


def test_what_is_sold_out_or_not_yet_offered_says_so(offer, shown):
    start = utc_now() + timedelta(days=400)
    gone = offer("amount_off", {"amount_minor": 1}, stock=0)
    soon = offer("amount_off", {"amount_minor": 1}, starts_at=start)

    assert shown(gone)["reason"] == "sold out"
    assert shown(soon)["reason"].startswith("from ")


def test_what_is_over_is_not_shown(offer, shown):
    ended = offer("amount_off", {"amount_minor": 1}, ends_at=utc_now() - timedelta(days=1))

    assert shown(ended) is None


def test_a_reward_of_higher_tiers_names_the_first_of_them(parts, tenant, offer, shown):
    with parts.database.tenant(tenant) as session:
        ids = {tier.name: tier.id for tier in session.query(Tier)}

    both = offer("amount_off", {"amount_minor": 1}, tier_ids=(ids["Silver"], ids["Gold"]))
    one = offer("amount_off", {"amount_minor": 1}, tier_ids=(ids["Gold"],))

    assert shown(both)["reason"] == "from Silver on"
    assert shown(one)["reason"] == "for Gold"


def test_a_reward_that_may_be_had_once_is_yours_already(ask, offer, shown):
    once = offer("amount_off", {"amount_minor": 1_000}, member_limit=1)
    ask("POST", "redeem", reward=once, key=KEY)

    assert shown(once)["reason"] == "yours already"


def test_a_donation_thanks_and_cannot_be_undone(ask, offer, balances):
    trees = offer("donation", {"cause": "Trees", "amount_minor": 2_500})

    told = ask("POST", "redeem", reward=trees, key=KEY, locale="en").json["redemption"]

    assert told["text"] == "Thank you: Give ฿25 to Trees is on its way"
    assert (told["open"], told["undo"], told["cart"]) == (False, False, False)
    assert "code" not in told
    assert balances() == (900, 0)


def test_what_staff_do_is_open_until_they_did_it_and_shows_no_code(ask, offer):
    lesson = offer("by_staff", {"what": "A tea lesson", "instructions": "Call first"})

    told = ask("POST", "redeem", reward=lesson, key=KEY, locale="en").json["redemption"]

    assert told["text"] == "A tea lesson: the shop knows and takes care of it"
    assert (told["open"], told["undo"], told["cart"]) == (True, True, False)
    assert "code" not in told
    history = ask("GET", "panel", locale="en").json["history"]
    assert history[0]["note"] == "the shop takes care of it"
