"""The form of a reward, made from the typed configuration of its type."""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from wtforms import Field, Form
from wtforms.validators import InputRequired, NumberRange, Optional

from app.domain.reward import RewardField, reward_type, reward_types
from app.web.admin.lazy_text import lazy as _l
from app.web.admin.polaris_fields import (
    CheckboxField,
    MoneyField,
    PercentageField,
    TextField,
    WholeNumberField,
)

FIELD_CLASSES: Mapping[str, type[Field]] = {
    "money": MoneyField,
    "percentage": PercentageField,
    "whole_number": WholeNumberField,
    "points": WholeNumberField,
    "days": WholeNumberField,
    "text": TextField,
}


class RewardForm(Form):
    """What every reward has: its cost and whether it is offered."""

    points = WholeNumberField(
        _l("Costs this many points"),
        [
            InputRequired(_l("Enter how many points it costs.")),
            NumberRange(1, 10_000_000, _l("Enter a number from 1 to 10,000,000.")),
        ],
    )
    active = CheckboxField(_l("Offered to shoppers"))


def types_with_a_form() -> list[str]:
    """Return the types of which every field can be drawn."""
    return [
        name
        for name, found in reward_types().items()
        if all(field.kind in FIELD_CLASSES for field in found.fields)
    ]


def reward_form_class(type_name: str) -> type[RewardForm]:
    """Return the form of a type of reward: its own fields, then the common ones."""
    fields = {field.name: _field(field) for field in reward_type(type_name).fields}
    return type("TypedRewardForm", (RewardForm,), fields)


def _field(field: RewardField) -> Any:  # noqa: ANN401 - WTForms' unbound fields have no public type
    labels = {
        "amount_minor": _("Amount"),
        "percentage_bp": _("Percentage off"),
        "minimum_subtotal_minor": _("Only on orders over"),
        "least_points": _("Fewest points at once"),
        "most_points": _("Most points at once"),
        "life_days": _("Lasts this many days"),
        "cause": _("The cause"),
        "what": _("What the customer gets"),
        "instructions": _("What staff have to do"),
    }
    helps = {"minimum_subtotal_minor": _("Empty: on every order.")}
    rule = InputRequired(_("Enter a value.")) if field.required else Optional()
    return FIELD_CLASSES[field.kind](
        labels[field.name], [rule], description=helps.get(field.name, "")
    )


def config_of(form: RewardForm, type_name: str) -> dict[str, Any]:
    """Return the type's configuration as it was entered; empty optional fields are left out."""
    names = [field.name for field in reward_type(type_name).fields]
    return {name: form[name].data for name in names if form[name].data is not None}


def tell_errors(form: RewardForm, field_errors: Mapping[str, str]) -> None:
    """Put what the domain refused next to the fields where it was entered."""
    sentences = {
        "required": _("Enter a value."),
        "not_positive": _("Enter more than 0."),
        "negative": _("Enter 0 or more."),
        "too_large": _("Enter a smaller value."),
        "not_a_number": _("Enter a number."),
    }
    for name, code in field_errors.items():
        field = form[name] if name in form else form["points"]
        field.errors = [*field.errors, sentences.get(code, _("This value cannot be used."))]
