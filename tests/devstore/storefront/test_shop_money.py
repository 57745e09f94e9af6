"""Prices read as shoppers write them, in every currency."""

import pytest

from devstore.storefront.shop_money import (
    money_format,
    money_text,
    price_text,
    short_money_text,
    to_storefront_units,
)


@pytest.mark.parametrize(
    ("amount_minor", "currency", "text"),
    [
        (12000, "THB", "฿120"),
        (12050, "THB", "฿120.50"),
        (123456700, "THB", "฿1,234,567"),
        (1500, "JPY", "¥1,500"),
        (12500, "KWD", "KD 12.50"),
        (-3200, "THB", "−฿32"),
        (999, "XTS", "XTS 9.99"),
    ],
)
def test_prices(amount_minor, currency, text):
    assert price_text(amount_minor, currency) == text


def test_the_storefront_counts_every_currency_in_hundredths():
    assert to_storefront_units(1500, "JPY") == 150000
    assert to_storefront_units(12000, "THB") == 12000
    assert to_storefront_units(12345, "KWD") == 1235


def test_decimals_are_left_out_only_where_they_are_zero():
    assert money_text(24000, "THB") == "฿240.00"
    assert short_money_text(24000, "THB") == "฿240"
    assert short_money_text(24010, "THB") == "฿240.10"


def test_the_money_format_is_shopifys():
    assert money_format("THB") == "฿{{amount}}"
    assert money_format("JPY") == "¥{{amount_no_decimals}}"
