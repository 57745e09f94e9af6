"""Texts that are translated when they are shown, for forms that exist before any request."""

from typing import cast

from flask_babel import lazy_gettext


def lazy(text: str) -> str:
    """Return `text` to be translated when it is drawn; WTForms takes it as a string."""
    return cast(str, lazy_gettext(text))
