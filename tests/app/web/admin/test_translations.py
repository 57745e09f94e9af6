"""Everything that the pages say is translated."""

import ast
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


def test_no_text_hides_from_the_translators_in_an_f_string():
    hidden = [
        f"{file.name}:{node.lineno}"
        for file in sorted((PROJECT / "app").rglob("*.py"))
        for node in ast.walk(ast.parse(file.read_text()))
        if isinstance(node, ast.JoinedStr)
        for call in ast.walk(node)
        if isinstance(call, ast.Call)
        and isinstance(call.func, ast.Name)
        and call.func.id in KEYWORDS
    ]

    assert hidden == []
