"""Texts are found by language, with plurals, and values cannot bring HTML."""

import pytest

from devstore.storefront.liquid_locales import plural_text, translate
from tests.devstore.storefront.shop import THEME

LOCALES = THEME / "locales"


def test_one_and_many_differ_in_english_and_not_in_thai():
    assert translate(LOCALES, "en", "points", {"count": 1}) == "1 petal"
    assert translate(LOCALES, "en", "points", {"count": 5}) == "5 petals"
    assert translate(LOCALES, "th", "points", {"count": 1}) == "1 กลีบ"


def test_a_region_uses_its_language():
    assert translate(LOCALES, "th-TH", "hello", {"name": "มะลิ"}) == "สวัสดี มะลิ"


def test_what_a_language_lacks_is_said_in_the_default_one():
    assert translate(LOCALES, "th", "only_english", {}) == "English only"
    assert translate(LOCALES, "fr", "only_english", {}) == "English only"


def test_a_missing_key_says_so_as_shopify_does():
    assert translate(LOCALES, "en", "no.such", {}) == "translation missing: en.no.such"


def test_values_are_escaped_unless_the_key_ends_in_html():
    assert translate(LOCALES, "en", "hello", {"name": "<i>"}) == "Hello &lt;i&gt;"
    assert translate(LOCALES, "en", "bold_html", {"name": "<i>"}) == "<b><i></b>"


@pytest.mark.parametrize(("count", "form"), [(1, "one"), (3, "few"), (5, "many"), (1.5, "other")])
def test_languages_with_more_forms_get_theirs(count, form):
    forms = {"one": "one", "few": "few", "many": "many", "other": "other"}

    assert plural_text(forms, count, "pl") == form
