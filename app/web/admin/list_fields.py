"""Fields that hold several values: words typed one by one, and what was picked in Shopify's picker."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from flask import render_template
from flask_babel import gettext as _
from markupsafe import Markup
from wtforms import Field
from wtforms.validators import ValidationError

ENTRIES_MAX = 100
WORD_LENGTH_MAX = 255
"""The longest tag or code that Shopify allows."""
TITLE_LENGTH_MAX = 255
DAYS_MAX = 365
WARNINGS_MAX = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Chip:
    """One value as it is drawn: what is read, and what is sent."""

    text: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Picked:
    """A product or collection that was picked, with its name."""

    id: int
    title: str

    @property
    def value(self) -> str:
        """What the form sends."""
        return f"{self.id}:{self.title}"


class ListWidget:
    """Draws a field as chips with a way to add more, by the template of its kind."""

    def __init__(self, template: str) -> None:
        self._template = template

    def __call__(self, field: Any, **_extra: object) -> Markup:  # noqa: ANN401
        """Return the field with its values as chips."""
        return Markup(render_template(f"admin/{self._template}", field=field))  # noqa: S704 - a template of ours, escaped by Jinja


class WordsField(Field):
    """Words such as tags or codes: trimmed, each once whatever its case."""

    widget = ListWidget("words_field.html")

    @property
    def chips(self) -> list[Chip]:
        """The words as they are drawn."""
        return [Chip(text=word, value=word) for word in self.data or ()]

    def process_formdata(self, valuelist: Iterable[str]) -> None:
        """Keep each word once."""
        words = (" ".join(text.split()) for text in valuelist)
        self.data = list({word.casefold(): word for word in words if word}.values())

    def pre_validate(self, form: object) -> None:
        """Refuse what Shopify could not have."""
        if len(self.data or ()) > ENTRIES_MAX:
            raise ValidationError(_("Choose at most %(count)d.", count=ENTRIES_MAX))
        if any(len(word) > WORD_LENGTH_MAX for word in self.data or ()):
            raise ValidationError(
                _("Shopify allows at most %(count)d letters.", count=WORD_LENGTH_MAX)
            )


class PickedField(Field):
    """Products or collections, picked in Shopify's own picker."""

    def __init__(self, *args: Any, kind: str, **kwargs: Any) -> None:  # noqa: ANN401
        super().__init__(*args, **kwargs)
        self.kind = kind
        """`product` or `collection`."""

    widget = ListWidget("picked_field.html")

    @property
    def chips(self) -> list[Chip]:
        """The items as they are drawn."""
        return [Chip(text=item.title, value=item.value) for item in self.data or ()]

    def process_formdata(self, valuelist: Iterable[str]) -> None:
        """Read `id:title`; what cannot be read was not picked."""
        items: dict[int, Picked] = {}
        for value in valuelist:
            number, _colon, title = value.partition(":")
            if number.isascii() and number.isdigit() and len(number) < 19:
                items[int(number)] = Picked(id=int(number), title=title.strip()[:TITLE_LENGTH_MAX])
        self.data = list(items.values())

    def pre_validate(self, form: object) -> None:
        """Refuse more than a rule should hold."""
        if len(self.data or ()) > ENTRIES_MAX:
            raise ValidationError(_("Choose at most %(count)d.", count=ENTRIES_MAX))


def warning_days_text(days: Sequence[int]) -> str:
    """Return days as they are typed: "30, 7"."""
    return ", ".join(str(number) for number in days)


def read_warning_days(text: str) -> tuple[int, ...]:
    """Return the days typed as "30, 7", the longest first; raise ValidationError with what to do."""
    parts = [part.strip() for part in text.split(",") if part.strip()]
    if not all(part.isascii() and part.isdigit() and len(part) <= 3 for part in parts):
        raise ValidationError(_("Enter days with commas between them, such as 30, 7."))
    days = {int(part) for part in parts}
    if not all(1 <= number <= DAYS_MAX for number in days):
        raise ValidationError(_("Choose 1 to 365 days."))
    if len(days) > WARNINGS_MAX:
        raise ValidationError(_("Choose at most %(count)d.", count=WARNINGS_MAX))
    return tuple(sorted(days, reverse=True))
