"""The words of shoppers' screens, translated: English and Thai."""

from functools import cache
from pathlib import Path

from babel import Locale
from babel.support import NullTranslations, Translations

LANGUAGES = ("en", "th")
CATALOGUES = Path(__file__).resolve().parents[1] / "translations"
DOMAIN = "shopper"


class Words:
    """One language's words; the English ones are the keys."""

    def __init__(self, language: str) -> None:
        self.language = language
        self.locale = Locale.parse(language)
        self._translations: NullTranslations = Translations.load(
            str(CATALOGUES), [language], DOMAIN
        )

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


@cache
def _words(language: str) -> Words:
    return Words(language)
