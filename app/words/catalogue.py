"""The words of shoppers' screens, translated: English and Thai."""

from functools import cache
from io import BytesIO
from pathlib import Path

from babel import Locale
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations

LANGUAGES = ("en", "th")
CATALOGUES = Path(__file__).resolve().parents[1] / "translations"


class Words:
    """One language's words; the English ones are the keys."""

    def __init__(self, language: str) -> None:
        self.language = language
        self.locale = Locale.parse(language)
        self._translations = _translations(language)

    def gettext(self, text: str, **values: str) -> str:
        """Return `text` translated, with `%(name)s` filled in."""
        return str(self._translations.gettext(text)) % values

    def ngettext(self, one: str, other: str, count: int, **values: str) -> str:
        """Return the form that goes with `count`, translated, with `%(name)s` filled in."""
        return str(self._translations.ngettext(one, other, count)) % values


def words_for(locale: str) -> Words:
    """Return the words for a browser's or Shopify's locale ("th", "th-TH", "en"); else English."""
    language = locale[:2].lower()
    return _words(language if language in LANGUAGES else "en")


def _translations(language: str) -> NullTranslations:
    """Return a language's translations, compiled from its .po file; English needs none."""
    path = CATALOGUES / language / "LC_MESSAGES" / "shopper.po"
    if not path.exists():
        return NullTranslations()
    compiled = BytesIO()
    with path.open("rb") as file:
        write_mo(compiled, read_po(file, locale=language))
    compiled.seek(0)
    return Translations(compiled)


@cache
def _words(language: str) -> Words:
    return Words(language)
