from datetime import UTC, datetime

import pytest
from babel import Locale

from app.words.formats import day, minute, money, points_text, signed

EN = Locale.parse("en")
TH = Locale.parse("th")
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
PETALS = {"en": {"one": "petal", "other": "petals"}, "th": {"other": "กลีบ"}}


@pytest.mark.parametrize(
    ("minor", "currency", "locale", "text"),
    [
        (5_000, "THB", EN, "฿50"),
        (5_050, "THB", EN, "฿50.50"),
        (120_000, "THB", TH, "฿1,200"),
        (1_250, "USD", EN, "$12.50"),
        (500, "JPY", EN, "¥500"),
        (1_500, "KWD", EN, "KWD1.500"),
    ],
)
def test_money_is_short_when_it_is_whole(minor, currency, locale, text):
    assert money(minor, currency, locale) == text


def test_points_are_named_by_the_plural_rule_of_the_language():
    assert points_text(1, PETALS, EN) == "1 petal"
    assert points_text(1_240, PETALS, EN) == "1,240 petals"
    assert points_text(1, PETALS, TH) == "1 กลีบ"


def test_points_in_a_language_without_a_name_take_the_english_one():
    assert points_text(2, PETALS, Locale.parse("de")) == "2 petals"


def test_changes_of_points_carry_their_sign():
    assert [signed(240, EN), signed(-1_000, EN), signed(0, EN)] == ["+240", "−1,000", "0"]


def test_days_are_those_of_the_shops_time_zone():
    late_on_the_fifth_in_utc = datetime(2026, 12, 5, 20, tzinfo=UTC)

    assert day(late_on_the_fifth_in_utc, "Asia/Bangkok", EN, now=NOW) == "6 Dec"
    assert day(late_on_the_fifth_in_utc, "Asia/Bangkok", TH, now=NOW) == "6 ธ.ค."
    assert minute(late_on_the_fifth_in_utc, "Asia/Bangkok", EN) == "6 Dec 2026, 03:00"


def test_a_day_of_another_year_says_which():
    assert day(datetime(2027, 3, 31, tzinfo=UTC), "UTC", EN, now=NOW) == "31 Mar 2027"
