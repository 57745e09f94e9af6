"""Fields of days, of several choices, and of product variants with their pictures."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import parse_qs, urlencode

from flask_babel import gettext as _
from markupsafe import Markup
from wtforms import Field

from app.web.admin.list_fields import TITLE_LENGTH_MAX, Picked, PickedField
from app.web.admin.polaris_fields import PolarisWidget, attributes_of

ADDRESS_LENGTH_MAX = 2_000


class DayField(Field):
    """A day of the shop's calendar."""

    widget = PolarisWidget("s-date-field")

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return self.data.isoformat() if self.data else ""

    def process_formdata(self, valuelist: Iterable[str]) -> None:
        """Read the day as browsers write it: 2026-12-01."""
        text = next(iter(valuelist), "").strip()
        self.data = None
        if not text:
            return
        try:
            self.data = date.fromisoformat(text)
        except ValueError:
            raise ValueError(_("Enter a day, such as 2026-12-01.")) from None


class PolarisChoicesWidget(PolarisWidget):
    """Draws several choices as an `s-choice-list` of which any number may be picked."""

    def __init__(self) -> None:
        super().__init__("s-choice-list", multiple=True)

    def __call__(self, field: Any, **extra: object) -> Markup:  # noqa: ANN401
        """Return the list with the present choices marked."""
        chosen = set(field.data or ())
        choices = Markup("").join(
            Markup("<s-choice {}>{}</s-choice>").format(
                attributes_of({"value": value, "selected": value in chosen}), label
            )
            for value, label in field.choices
        )
        attributes = self.attributes(field, extra) | {"required": False}
        return Markup("<s-choice-list {}>{}</s-choice-list>").format(
            attributes_of(attributes), choices
        )


class ChoicesField(Field):
    """Any number of a few choices."""

    widget = PolarisChoicesWidget()

    def __init__(
        self,
        *args: Any,  # noqa: ANN401 - what WTForms hands to every field
        choices: Sequence[tuple[str, str]] = (),
        **kwargs: Any,  # noqa: ANN401 - as above
    ) -> None:
        super().__init__(*args, **kwargs)
        self.choices = list(choices)
        """(value, label); may be set until the field is drawn or read."""

    def process_formdata(self, valuelist: Iterable[str]) -> None:
        """Keep what is among the choices."""
        sent = set(valuelist)
        self.data = [value for value, _label in self.choices if value in sent]


@dataclass(frozen=True, slots=True, kw_only=True)
class PickedVariantItem(Picked):
    """A variant that was picked, with its name and the address of its picture, if any."""

    image: str = ""

    @property
    def value(self) -> str:
        """What the form sends."""
        return urlencode({"id": self.id, "title": self.title, "image": self.image})


class VariantsField(PickedField):
    """Product variants, picked in Shopify's own picker, with their pictures."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401
        super().__init__(*args, kind="variant", **kwargs)

    def process_formdata(self, valuelist: Iterable[str]) -> None:
        """Read `id=…&title=…&image=…`; what cannot be read was not picked."""
        items: dict[int, Picked] = {}
        for value in valuelist:
            told = {name: texts[0] for name, texts in parse_qs(value).items()}
            number, image = told.get("id", ""), told.get("image", "")
            if number.isascii() and number.isdigit() and len(number) < 19:
                items[int(number)] = PickedVariantItem(
                    id=int(number),
                    title=told.get("title", "").strip()[:TITLE_LENGTH_MAX],
                    image=image if len(image) <= ADDRESS_LENGTH_MAX else "",
                )
        self.data = list(items.values())
