"""Tiers are told in the words of their measure, and hidden ones not at all."""

from datetime import UTC, date, datetime

import pytest

from app.domain.program_rules import ProgramRules
from app.domain.tier_standing import TierStanding
from app.domain.tier_terms import TierTerms
from app.domain.tiers import TierLevel
from app.words.catalogue import words_for
from app.words.earning import Programme, signed_out
from app.words.tiers import perks, tier_list, way_on, what_keeps

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
BRONZE = TierLevel(id=1, name="Bronze", rank=1, threshold=0, multiplier_bp=10_000)
GOLD = TierLevel(
    id=2,
    name="Gold",
    rank=2,
    threshold=2_500_000,
    multiplier_bp=15_000,
    entry_points=200,
    yearly_points=500,
    birthday_points=100,
    free_shipping=True,
)
SECRET = TierLevel(id=3, name="Secret", rank=3, threshold=9, multiplier_bp=90_000, hidden=True)
VIP = TierLevel(id=4, name="VIP", rank=4, entry="invitation", threshold=None, multiplier_bp=20_000)


def programme(measure="spend", window="rolling"):
    return Programme(
        currency="THB",
        points_name={"en": {"one": "petal", "other": "petals"}, "th": {"other": "กลีบ"}},
        rules=ProgramRules(unit_minor=2500),
        tiers=(BRONZE, GOLD, SECRET, VIP),
        rewards=(),
        tier_terms=TierTerms(measure=measure, window=window),
    )


def standing(**changes):
    told = {
        "measure": "spend",
        "amount": 0,
        "current": BRONZE,
        "next": GOLD,
        "missing": 32_000,
        "percent": 0,
        "kept_until": None,
        "keep_missing": 0,
        "keep_from": None,
        "in_grace": False,
        "is_pinned": False,
    }
    return TierStanding(**(told | changes))


@pytest.mark.parametrize(
    ("measure", "missing", "language", "told"),
    [
        ("spend", 32_000, "en", "฿320 to Gold"),
        ("points", 500, "en", "500 petals to Gold"),
        ("orders", 1, "en", "1 more order to Gold"),
        ("orders", 2, "en", "2 more orders to Gold"),
        ("orders", 2, "th", "อีก 2 คำสั่งซื้อถึงระดับ Gold"),
        ("points", 500, "th", "อีก 500 กลีบ ถึงระดับ Gold"),
    ],
)
def test_the_way_on_is_told_in_the_measures_own_words(measure, missing, language, told):
    shown = way_on(
        words_for(language), programme(measure), standing(measure=measure, missing=missing)
    )

    assert shown == told


def test_at_the_top_there_is_no_way_on():
    assert way_on(words_for("en"), programme(), standing(next=None, missing=0)) == ""


@pytest.mark.parametrize(
    ("change", "language", "told"),
    [
        ({"keep_missing": 120_000}, "en", "฿1,200 more by 31 Dec to keep Gold"),
        ({"keep_missing": 2, "measure": "orders"}, "en", "2 more orders by 31 Dec to keep Gold"),
        ({"keep_missing": 0}, "en", "Gold until 31 Dec"),
        ({"keep_missing": 120_000}, "th", "อีก ฿1,200 ภายใน 31 ธ.ค. เพื่อคงระดับ Gold"),
        (
            {
                "keep_missing": 120_000,
                "keep_from": date(2027, 1, 1),
                "kept_until": date(2027, 12, 31),
            },
            "en",
            "฿1,200 more from 1 Jan 2027 to 31 Dec 2027 to keep Gold",
        ),
        ({"kept_until": None}, "en", ""),
    ],
)
def test_what_keeps_a_tier_is_told_with_its_last_day(change, language, told):
    held = {"current": GOLD, "next": None, "kept_until": date(2026, 12, 31)}
    shown = what_keeps(
        words_for(language),
        programme(),
        standing(**(held | change)),
        iana_timezone="Asia/Bangkok",
        now=NOW,
    )

    assert shown == told


def test_perks_are_told_in_a_few_words_each():
    assert perks(words_for("en"), programme(), GOLD) == [
        "1.5 petals for every ฿25",
        "free shipping",
        "200 petals when you reach it",
        "500 petals every year",
        "100 petals on your birthday",
    ]
    assert perks(words_for("en"), programme(), BRONZE) == ["1 petal for every ฿25"]


@pytest.mark.parametrize(
    ("measure", "window", "entry"),
    [
        ("spend", "rolling", "from ฿25,000 in 12 months"),
        ("points", "calendar", "from 2,500,000 petals a calendar year"),
        ("orders", "lifetime", "from 2,500,000 orders in all"),
    ],
)
def test_tiers_to_reach_say_how_they_are_reached(measure, window, entry):
    told = tier_list(words_for("en"), programme(measure, window), BRONZE)

    assert [each["title"] for each in told] == ["Reach Gold", "Reach VIP"]
    assert told[0]["detail"].endswith(f" · {entry}")
    assert told[1]["detail"].endswith(" · by invitation")


def test_guests_do_not_hear_of_hidden_tiers():
    assert "Secret" not in str(signed_out(words_for("en"), programme()))
