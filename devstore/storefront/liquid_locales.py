"""Looks a translation key up in an extension's locale files, with plurals, as Shopify's `t` does."""

import json
import re
from collections.abc import Mapping
from functools import lru_cache
from html import escape
from pathlib import Path
from typing import Any

from babel import Locale

PLACEHOLDER = re.compile(r"{{\s*(\w+)\s*}}")


def locale_texts(folder: Path, iso_code: str) -> dict[str, Any]:
    """Return the texts of `iso_code`, or of its language, or the default ones."""
    language = iso_code.split("-")[0]
    names = (iso_code, f"{iso_code}.default", language, f"{language}.default")
    for name in names:
        if (folder / f"{name}.json").is_file():
            return read_texts(folder / f"{name}.json")
    return default_texts(folder)


def default_texts(folder: Path) -> dict[str, Any]:
    """Return the texts of the file named `*.default.json`, or none."""
    for path in sorted(folder.glob("*.default.json")):
        return read_texts(path)
    return {}


def read_texts(path: Path) -> dict[str, Any]:
    """Return one locale file, read again only when it has changed."""
    return _read_texts_at(path, path.stat().st_mtime_ns)


@lru_cache(maxsize=64)
def _read_texts_at(path: Path, _changed_ns: int) -> dict[str, Any]:
    texts: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return texts


def translate(
    folder: Path,
    iso_code: str,
    key: str,
    values: Mapping[str, object],
    *,
    escape_values: bool = True,
) -> str:
    """Return the text of `key` in `iso_code`, else in the default language, else a visible miss.

    Values are escaped for HTML unless the key ends in `_html` or `escape_values` is off.
    """
    raw = key.endswith("_html") or not escape_values
    for texts in (locale_texts(folder, iso_code), default_texts(folder)):
        text = _pick(texts, key, values.get("count"), iso_code)
        if text is not None:
            return _fill(text, values, raw=raw)
    return f"translation missing: {iso_code}.{key}"


def _pick(texts: dict[str, Any], key: str, count: object, iso_code: str) -> str | None:
    found: Any = texts
    for part in key.split("."):
        found = found.get(part) if isinstance(found, dict) else None
    if isinstance(found, dict):
        return plural_text(found, count, iso_code)
    return found if isinstance(found, str) else None


def plural_text(forms: Mapping[str, str], count: object, iso_code: str) -> str | None:
    """Return the form that the language uses for `count`, by CLDR's plural rules."""
    if count is None:
        return None
    number = float(str(count))
    rule = Locale.parse(iso_code.replace("-", "_")).plural_form
    return forms.get(rule(abs(number))) or forms.get("other")


def _fill(text: str, values: Mapping[str, object], *, raw: bool) -> str:
    def value_of(match: re.Match[str]) -> str:
        value = str(values.get(match[1], ""))
        return value if raw else escape(value)

    return PLACEHOLDER.sub(value_of, text)
