"""Money stays exact between decimal text and minor units."""

import pytest

from app.domain.money import InexactAmount, to_decimal_text, to_minor


@pytest.mark.parametrize(
    ("text", "currency", "minor"),
    [("123.45", "USD", 12_345), ("123", "JPY", 123), ("1.234", "KWD", 1_234), ("0.00", "EUR", 0)],
)
def test_decimal_text_becomes_minor_units_and_back(text, currency, minor):
    assert to_minor(text, currency) == minor
    assert to_minor(to_decimal_text(minor, currency), currency) == minor


def test_an_amount_with_too_many_decimals_is_refused():
    with pytest.raises(InexactAmount):
        to_minor("1.5", "JPY")
