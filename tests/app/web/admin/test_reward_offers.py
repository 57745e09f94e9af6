"""Merchants say to whom, when and how often a reward is offered; staff do what they have to."""

from datetime import UTC, datetime, timedelta

import pytest

from app.clock import utc_now
from app.db.models import Redemption, Tier
from app.db.queries.picked_items import picked_variants
from app.db.queries.redemptions import to_do
from app.db.queries.rewards import program_rewards
from app.domain.reward import reward_types
from app.domain.reward_offer import RewardOffer
from app.flows.redeem import Buyer, redeem_reward
from app.services.adjust_points import adjust_points
from app.services.save_reward import save_reward

NAMES = sorted(reward_types())
VARIANT = "id=41&title=Jasmine+tea&image=https%3A%2F%2Fcdn.example%2Ftea.png"
CONFIGS = {
    "amount_off": {"amount_minor": "50"},
    "slider": {"amount_minor": "10"},
    "percentage_off": {"percentage_bp": "10"},
    "free_shipping": {},
    "free_product": {"variant_ids": VARIANT},
    "store_credit": {"amount_minor": "50", "life_days": "90"},
    "gift_card": {"amount_minor": "50"},
    "donation": {"cause": "Plant a tree"},
    "by_staff": {"what": "A tea lesson", "instructions": "Call first"},
}


@pytest.fixture
def stored(parts, tenant):
    """Return a function that tells the rewards of the programme, in their order."""

    def stored():
        with parts.database.tenant(tenant) as session:
            return program_rewards(session, tenant.program_id)

    return stored


def test_every_type_can_be_chosen_and_says_what_it_does(admin):
    text = admin.get("/rewards/new").text

    assert all(f'href="/rewards/new/{name}"' in text for name in NAMES)
    assert "Turns points into a gift to a cause that you support." in text
    assert "Your staff find what to do on a list here." in text


@pytest.mark.parametrize("name", NAMES)
def test_every_type_is_added_shown_and_changed_by_its_own_form(admin, stored, name):
    form = CONFIGS[name] | {"points": "40", "active": "1"}

    assert admin.post(f"/rewards/new/{name}", data=form).location == "/rewards?done=saved"
    reward = stored()[-1]
    page = admin.get(f"/rewards/{reward.id}")
    changed = admin.post(f"/rewards/{reward.id}", data=form | {"points": "45"})

    assert page.status_code == 200
    assert "Nothing was saved yet" not in page.text
    assert "regulars-reward-preview" in page.text
    assert changed.location == "/rewards?done=saved"
    assert (stored()[-1].type, stored()[-1].points) == (name, 45)
    assert stored()[-1].config == reward.config


def test_the_offer_is_kept_as_it_was_entered(admin, parts, tenant, stored):
    with parts.database.tenant(tenant) as session:
        gold = session.query(Tier).filter_by(name="Gold").one().id
    form = {
        "amount_minor": "50",
        "points": "40",
        "name_en": "A treat",
        "detail_th": "สำหรับคุณ",
        "image_url": "https://cdn.example/treat.png",
        "stock": "12",
        "member_limit": "2",
        "member_limit_days": "30",
        "tier_ids": str(gold),
        "customer_tags": ["vip", "VIP", "staff"],
        "starts_on": "2026-12-01",
        "ends_on": "2026-12-31",
        "product_ids": "7:Tea",
        "combines_with": ["product", "shipping"],
        "code_prefix": "tea",
        "code_days": "14",
    }

    admin.post("/rewards/new/amount_off", data=form)

    # Days are those of the shop, in Bangkok; the last one is whole.
    assert stored()[-1].offer == RewardOffer(
        words={"en": {"name": "A treat"}, "th": {"detail": "สำหรับคุณ"}},
        image_url="https://cdn.example/treat.png",
        stock=12,
        member_limit=2,
        member_limit_days=30,
        tier_ids=(gold,),
        customer_tags=("VIP", "staff"),
        starts_at=datetime(2026, 11, 30, 17, tzinfo=UTC),
        ends_at=datetime(2026, 12, 31, 17, tzinfo=UTC),
        product_ids=(7,),
        combines_with=("product", "shipping"),
        code_prefix="TEA",
        code_days=14,
    )
    text = admin.get(f"/rewards/{stored()[-1].id}").text
    assert 'value="2026-12-31"' in text
    assert "7:Tea" in text


def test_products_keep_their_names_and_pictures(admin, parts, tenant, stored):
    admin.post("/rewards/new/free_product", data={"variant_ids": VARIANT, "points": "40"})

    with parts.database.tenant(tenant) as session:
        known = picked_variants(session, tenant.program_id)[41]
    assert (known.title, known.image_url) == ("Jasmine tea", "https://cdn.example/tea.png")
    assert stored()[-1].config == {"variant_ids": [41]}
    assert "Jasmine tea" in admin.get("/rewards").text


@pytest.mark.parametrize(
    ("form", "sentence"),
    [
        ({"starts_on": "2026-12-02", "ends_on": "2026-12-01"}, "Choose a day after the first"),
        ({"starts_on": "soon"}, "Enter a day, such as"),
        ({"code_prefix": "TEA!"}, "Enter up to 6 letters"),
        ({"image_url": "http://cdn.example/a.png"}, "Enter an address that starts with https"),
        ({"product_ids": "1:A", "collection_ids": "2:B"}, "Choose products or collections"),
        ({"member_limit_days": "3"}, "Enter a value."),
        ({"stock": "-1"}, "Enter 0 or more."),
    ],
)
def test_an_offer_that_cannot_be_says_why_and_shows_where(admin, stored, form, sentence):
    before = stored()

    answer = admin.post(
        "/rewards/new/amount_off", data={"amount_minor": "50", "points": "40"} | form
    )

    assert answer.status_code == 422
    assert sentence in answer.text
    assert '<details class="fold" open>' in answer.text
    assert stored() == before


def test_the_list_says_what_is_left_and_how_each_stands(admin, parts, tenant):
    now = utc_now()
    offers = {
        "Planned": RewardOffer(
            starts_at=now + timedelta(days=3), words={"en": {"name": "Planned"}}
        ),
        "Ended": RewardOffer(ends_at=now - timedelta(days=3), words={"en": {"name": "Ended"}}),
        "Gone": RewardOffer(stock=0, words={"en": {"name": "Gone"}}),
        "Plenty": RewardOffer(stock=1_200, words={"en": {"name": "Plenty"}}),
    }
    with parts.database.tenant(tenant) as session:
        for offer in offers.values():
            save_reward(
                session,
                program_id=tenant.program_id,
                reward_id=None,
                type="amount_off",
                points=40,
                config={"amount_minor": 5_000},
                active=True,
                now=now,
                offer=offer,
            )

    text = " ".join(admin.get("/rewards").text.split())

    assert "From " in text.partition("Planned")[2]
    assert "> Ended </s-badge>" in text
    assert "> Sold out </s-badge>" in text
    assert "<s-table-cell> 1,200 </s-table-cell>" in text


def test_rewards_are_moved_one_place_and_the_button_keeps_the_focus(admin, stored):
    first, second, *_ = [row.id for row in stored()]

    answer = admin.post(f"/rewards/{second}/move", data={"direction": "up"})

    assert [row.id for row in stored()][:2] == [second, first]
    assert answer.location == f"/rewards?moved=up-{second}"
    pressed = admin.get(answer.location).text.partition("autofocus")[0].rpartition("<button")[2]
    assert "up" in pressed
    admin.post(f"/rewards/{second}/move", data={"direction": "up"})
    assert [row.id for row in stored()][:2] == [second, first]


def test_a_removed_reward_comes_back_as_it_was(admin, stored):
    before = stored()
    removed = before[1]

    answer = admin.post(f"/rewards/{removed.id}/remove")
    assert f'action="/rewards/{removed.id}/restore"' in admin.get(answer.location).text
    admin.post(f"/rewards/{removed.id}/restore")

    assert stored() == before


def test_the_preview_shows_what_the_widget_would(admin):
    form = {"amount_minor": "10", "points": "100", "name_en": "Money off"}

    text = admin.post("/rewards/preview/slider", data=form).text

    assert "regulars-reward-preview" in text
    assert "Money off" in text
    assert '"id": "1200"' in text


@pytest.fixture
def task_id(admin, parts, tenant, member_id):
    """A member's tea lesson that staff have to give."""
    now = utc_now()
    with parts.database.tenant(tenant) as session:
        reward_id = save_reward(
            session,
            program_id=tenant.program_id,
            reward_id=None,
            type="by_staff",
            points=40,
            config={"what": "A tea lesson", "instructions": "Call first"},
            active=True,
            now=now,
        )
        adjust_points(
            session,
            program_id=tenant.program_id,
            member_id=member_id,
            points=100,
            key="start",
            actor="system",
            note=None,
            now=now,
            ledger_key=parts.settings.ledger_key,
        )
    buyer = Buyer(
        shop_id=tenant.shop_id,
        program_id=tenant.program_id,
        member_id=member_id,
        customer_id=7001,
    )
    row = redeem_reward(parts, buyer, reward_id=reward_id, key="k" * 8, surface="widget")
    return row.id


@pytest.mark.parametrize(("way", "state"), [("done", "used"), ("cancel", "released")])
def test_staff_see_what_to_do_and_end_it_once(admin, parts, tenant, task_id, way, state):
    for place in ("/", "/rewards"):
        assert "1 reward waits for your staff" in admin.get(place).text
    text = admin.get("/rewards/to-do").text
    assert "A tea lesson" in text
    assert "Call first" in text

    for _ in range(2):
        assert admin.post(f"/rewards/to-do/{task_id}/{way}").status_code == 303

    with parts.database.tenant(tenant) as session:
        assert session.get_one(Redemption, task_id).state == state
        assert to_do(session, tenant.program_id) == []
    assert "Nothing to do" in admin.get("/rewards/to-do").text
    assert "for your staff" not in admin.get("/").text


def test_a_code_is_no_task_of_staff(admin):
    assert admin.post("/rewards/to-do/1/done").status_code == 404
