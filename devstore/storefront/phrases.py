"""The words of the shop's own pages, in English and Thai."""

from pathlib import Path

from devstore.storefront.liquid_locales import translate

LOCALES_FOLDER = Path(__file__).parent / "locales"


def say(locale: str, key: str, **values: object) -> str:
    """Return the words for `key` in `locale`, plain text for a template to escape."""
    # The template escapes what it writes, so values go in as they are.
    return translate(LOCALES_FOLDER, locale, key, values, escape_values=False)
