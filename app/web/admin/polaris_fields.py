"""WTForms fields drawn as Polaris web components, with their errors beneath them."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from babel.numbers import get_currency_precision
from flask import g
from flask_babel import gettext as _
from markupsafe import Markup, escape
from wtforms import Field, IntegerField, SelectField, StringField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import InputRequired

from app.web.admin.lazy_text import lazy


def attributes_of(values: Mapping[str, object]) -> Markup:
    """Render attributes: True stands alone, None and False are left out."""
    parts = []
    for name, value in values.items():
        if value is None or value is False:
            continue
        key = escape(name.rstrip("_").replace("_", "-"))
        parts.append(key if value is True else Markup('{}="{}"').format(key, value))
    return Markup(" ").join(parts)


class PolarisWidget:
    """Draws a field as one `s-*` element; keyword arguments become attributes."""

    def __init__(self, tag: str, **attributes: object) -> None:
        self._tag = tag
        self._attributes = attributes

    def attributes(self, field: Field, extra: Mapping[str, object]) -> dict[str, object]:
        """Return the attributes of `field`: name, label, value, help and the first error."""
        return {
            "name": field.name,
            "id": field.id,
            "label": field.label.text,
            "details": field.description or None,
            "error": field.errors[0] if field.errors else None,
            "required": any(isinstance(rule, InputRequired) for rule in field.validators),
            **self._attributes,
            **(field.render_kw or {}),
            **extra,
        }

    def __call__(self, field: Any, **extra: object) -> Markup:  # noqa: ANN401
        """Return the element with the field's value as it was typed."""
        attributes = self.attributes(field, extra) | {"value": field._value()}
        return Markup("<{0} {1}></{0}>").format(self._tag, attributes_of(attributes))


class PolarisSelectWidget(PolarisWidget):
    """Draws a choice as `s-select` with its `s-option`s."""

    def __init__(self, **attributes: object) -> None:
        super().__init__("s-select", **attributes)

    def __call__(self, field: Any, **extra: object) -> Markup:  # noqa: ANN401
        """Return the select with the current choice marked."""
        options = Markup("").join(
            Markup("<s-option {}>{}</s-option>").format(
                attributes_of({"value": choice.value, "selected": choice.selected}), choice.label
            )
            for choice in field.iter_choices()
        )
        attributes = self.attributes(field, extra) | {"value": field.data}
        return Markup("<s-select {}>{}</s-select>").format(attributes_of(attributes), options)


class PolarisCheckboxWidget(PolarisWidget):
    """Draws a yes or no as `s-checkbox`; an empty one is not submitted, as in HTML."""

    def __init__(self, **attributes: object) -> None:
        super().__init__("s-checkbox", **attributes)

    def __call__(self, field: Any, **extra: object) -> Markup:  # noqa: ANN401
        """Return the checkbox, checked when the field is true."""
        attributes = self.attributes(field, extra) | {"value": "1", "checked": bool(field.data)}
        return Markup("<s-checkbox {}></s-checkbox>").format(attributes_of(attributes))


class TextField(StringField):
    """One line of text, without the spaces around it."""

    widget = PolarisWidget("s-text-field")

    def process_formdata(self, valuelist: list[str]) -> None:
        """Keep the text stripped."""
        self.data = valuelist[0].strip() if valuelist else ""


class ColourField(TextField):
    """A colour as #rrggbb."""

    widget = PolarisWidget("s-color-field")


class ChoiceField(SelectField):
    """One of a few choices."""

    widget = PolarisSelectWidget()

    def __init__(
        self,
        label: str,
        choices: Sequence[tuple[str, str]],
        **kwargs: Any,  # noqa: ANN401 - what WTForms hands to every field
    ) -> None:
        super().__init__(
            label,
            choices=[SelectChoice(value, text) for value, text in choices],
            invalid_choice_message=lazy("Choose one of the options."),  # type: ignore[call-arg]
            **kwargs,
        )


class CheckboxField(Field):
    """Yes or no."""

    widget = PolarisCheckboxWidget()

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read yes when the box was submitted, no otherwise."""
        self.data = bool(valuelist)


class WholeNumberField(IntegerField):
    """A whole number, refused in plain words when it is none."""

    widget = PolarisWidget("s-number-field", step="1")

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the number; thousands separators are forgiven."""
        text = valuelist[0].strip().replace(",", "") if valuelist else ""
        if not text:
            self.data = None
            return
        try:
            self.data = int(text)
        except ValueError:
            self.data = None
            raise ValueError(_("Enter a whole number, such as 100.")) from None


def use_currency(currency: str) -> None:
    """Let the money fields of this request read and show amounts in `currency` (ISO 4217)."""
    g.form_currency = currency


class MoneyField(Field):
    """An amount in the currency named by `use_currency`, kept in minor units."""

    widget = PolarisWidget("s-money-field")

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401
        super().__init__(*args, **kwargs)
        self.currency: str = g.form_currency
        self.render_kw = {**(self.render_kw or {}), "currencyCode": self.currency}

    @property
    def _places(self) -> int:
        return int(get_currency_precision(self.currency))

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        if self.data is None:
            return ""
        amount = Decimal(self.data).scaleb(-self._places)
        return f"{amount:f}" if self.data % 10**self._places else str(int(amount))

    def process_formdata(self, valuelist: Iterable[str]) -> None:
        """Turn the decimal that was typed into minor units."""
        text = next(iter(valuelist), "").strip().replace(",", "")
        self.data = None
        if not text:
            return
        try:
            minor = Decimal(text).scaleb(self._places)
        except InvalidOperation:
            raise ValueError(_("Enter an amount, such as 25 or 25.50.")) from None
        if not minor.is_finite() or minor != minor.to_integral_value():
            raise ValueError(
                _("Enter an amount with at most %(places)d decimals.", places=self._places)
            )
        self.data = int(minor)


class PercentageField(Field):
    """A percentage typed as 10 or 12.5, kept in basis points."""

    widget = PolarisWidget("s-number-field", suffix="%", min="0", max="100", step="0.01")

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        if self.data is None:
            return ""
        return f"{(Decimal(self.data) / 100).normalize():f}"

    def process_formdata(self, valuelist: Iterable[str]) -> None:
        """Turn the percentage that was typed into basis points."""
        text = next(iter(valuelist), "").strip().rstrip("%")
        self.data = None
        if not text:
            return
        try:
            basis_points = Decimal(text) * 100
        except InvalidOperation:
            raise ValueError(_("Enter a percentage, such as 10.")) from None
        if not basis_points.is_finite() or basis_points != basis_points.to_integral_value():
            raise ValueError(_("Enter a percentage with at most two decimals."))
        if not 0 <= basis_points <= 10_000:
            raise ValueError(_("Choose a percentage from 0 to 100."))
        self.data = int(basis_points)
