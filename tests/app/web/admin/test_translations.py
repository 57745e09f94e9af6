"""Everything that the pages say is translated."""

from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

PROJECT = Path(__file__).resolve().parents[4]
METHODS = [("web/admin/**.py", "python"), ("web/templates/admin/**.html", "jinja2")]
KEYWORDS = {"_": None, "_l": None, "lazy": None, "gettext": None, "ngettext": (1, 2)}


def said():
    found = extract_from_dir(PROJECT / "app", METHODS, keywords=KEYWORDS)
    return {message[0] if isinstance(message, tuple) else message for _, _, message, _, _ in found}


@pytest.mark.parametrize("language", ["th"])
def test_no_text_of_the_pages_lacks_a_translation(language):
    path = PROJECT / f"app/translations/{language}/LC_MESSAGES/messages.po"
    catalogue = read_po(path.read_bytes().decode().splitlines())

    texts = said()
    untranslated = sorted(
        text for text in texts if text not in catalogue or not catalogue[text].string
    )

    assert len(texts) > 200
    assert untranslated == []


def test_thai_pages_are_in_thai(admin):
    text = admin.get("/programme", headers={"Accept-Language": "th"}).text

    assert '<html lang="th">' in text
    assert "ชื่อโปรแกรม" in text
