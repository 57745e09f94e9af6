"""Every word that shoppers read is there in Thai too, with nothing to fill in lost."""

import re
from io import BytesIO

import pytest
from babel.messages.extract import extract_from_dir, extract_from_file
from babel.messages.pofile import read_po

from app.words.catalogue import CATALOGUES, words_for

APP = CATALOGUES.parent
KEYWORDS = {"gettext": None, "ngettext": (1, 2), "_": None}


def words_in_code():
    found = set()
    for folder in ("words", "web/panel"):
        for _, _, message, _, _ in extract_from_dir(APP / folder, keywords=KEYWORDS):
            found.add(message)
    for _, message, _, _ in extract_from_file(
        "python", APP / "web/shopper_endpoints.py", keywords=KEYWORDS
    ):
        found.add(message)
    return found


def test_every_word_is_translated():
    catalogue = read_po(BytesIO((CATALOGUES / "th/LC_MESSAGES/shopper.po").read_bytes()))

    translated = {message.id for message in catalogue if message.id and message.string}

    assert translated == words_in_code()


def test_translations_fill_in_the_same_values():
    catalogue = read_po(BytesIO((CATALOGUES / "th/LC_MESSAGES/shopper.po").read_bytes()))
    names = re.compile(r"%\((\w+)\)s")

    for message in catalogue:
        source = message.id if isinstance(message.id, str) else message.id[0]
        target = message.string if isinstance(message.string, str) else message.string[0]
        if source:
            assert set(names.findall(source)) == set(names.findall(target)), source


@pytest.mark.parametrize(
    ("locale", "text"),
    [("th", "ส่งฟรี"), ("th-TH", "ส่งฟรี"), ("en-GB", "Free shipping"), ("", "Free shipping")],
)
def test_locales_fall_back_to_what_there_is(locale, text):
    assert words_for(locale).gettext("Free shipping") == text
