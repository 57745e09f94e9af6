"""Chooses the language of the embedded pages."""

from pathlib import Path

from babel import Locale, UnknownLocaleError
from flask import Flask, g, request
from flask_babel import Babel

TRANSLATIONS = Path(__file__).resolve().parents[2] / "translations"
LANGUAGES = ("en", "th")
"""Those with a catalogue; English is in the code."""


def speak(flask_app: Flask) -> None:
    """Give `flask_app` gettext, in the language of whoever reads."""
    flask_app.config["BABEL_TRANSLATION_DIRECTORIES"] = str(TRANSLATIONS)
    Babel(flask_app, locale_selector=_language)  # type: ignore[no-untyped-call]


def supported(wanted: str) -> str:
    """Return the language of `wanted` ("th-TH", "th") when we have it, English otherwise."""
    try:
        language = Locale.parse(wanted.replace("_", "-"), sep="-").language
    except (UnknownLocaleError, ValueError, TypeError):
        return "en"
    return language if language in LANGUAGES else "en"


def _language() -> str:
    identity = g.get("admin_identity")
    if identity is not None:
        return supported(identity.locale)
    return request.accept_languages.best_match(LANGUAGES) or "en"
