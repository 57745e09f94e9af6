"""Codes that stand for points."""

import math

import pytest

from app.domain.redemption_code import ALPHABET, new_code
from app.domain.ways import WAYS


@pytest.mark.parametrize(
    ("way", "start"), [("discount_code", "TEA-"), ("gift_card", "TEA"), ("store_credit", "TEA-")]
)
def test_codes_cannot_be_guessed_or_mistaken(way, start):
    codes = {new_code(WAYS[way], "TEA") for _ in range(1_000)}
    letters = [code.replace("-", "")[3:] for code in codes]

    assert len(codes) == 1_000
    assert not set("01IO") & set(ALPHABET)
    assert {len(each) * math.log2(len(ALPHABET)) >= 64 for each in letters} == {True}
    assert {code[: len(start)] for code in codes} == {start}


def test_gift_card_codes_are_as_shopify_takes_them():
    codes = [new_code(WAYS["gift_card"], "LOYAL1") for _ in range(100)]

    assert all(code.isalnum() and 8 <= len(code) <= 20 for code in codes)
