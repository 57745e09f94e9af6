"""How the back office writes money and names."""

import pytest

from devstore.back_office.words import initials, money_words


@pytest.mark.parametrize(
    ("amount_minor", "currency", "words"),
    [
        (124_000, "THB", "฿1,240.00"),
        (-5, "USD", "-$0.05"),
        (1_200, "JPY", "¥1,200"),
        (1_234_567, "KWD", "KD 1,234.567"),
        (0, "EUR", "€0.00"),
    ],
)
def test_money_is_written_with_its_currencys_decimals(amount_minor, currency, words):
    assert money_words(amount_minor, currency) == words


@pytest.mark.parametrize(
    ("name", "letters"), [("Mali Srisuk", "MS"), ("Arun", "A"), ("Ana Maria Silva", "AS"), ("", "")]
)
def test_initials_are_of_the_first_and_last_name(name, letters):
    assert initials(name) == letters
