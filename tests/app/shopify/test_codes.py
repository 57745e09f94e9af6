"""Codes that stand for points."""

import math

from app.shopify.discounts import ALPHABET, new_code


def test_codes_cannot_be_guessed_or_mistaken():
    codes = {new_code() for _ in range(1_000)}
    letters = [code.replace("-", "")[2:] for code in codes]

    assert len(codes) == 1_000
    assert not set("01IO") & set(ALPHABET)
    assert {len(each) * math.log2(len(ALPHABET)) >= 64 for each in letters} == {True}
    assert {code[:3] for code in codes} == {"RG-"}
