"""The form of a reward, made from the typed configuration of its type."""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from wtforms import Field
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from app.domain.reward import RewardField, reward_type
from app.web.admin.choice_fields import VariantsField
from app.web.admin.lazy_text import lazy as _l
from app.web.admin.list_fields import PickedField
from app.web.admin.offer_form import (
    OFFER_FIELDS,
    OfferForm,
    fields_left_out,
    offer_error_sentences,
)
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
    "variants": VariantsField,
}


COST_RULES = [
    InputRequired(_l("Enter how many points it costs.")),
    NumberRange(1, 10_000_000, _l("Enter a number from 1 to 10,000,000.")),
]


class RewardForm(OfferForm):
    """What every reward has: its cost, whether it is offered, and its offer."""

    points = WholeNumberField(_l("Costs this many points"), COST_RULES)
    active = CheckboxField(_l("Offered to shoppers"))


def reward_form_class(type_name: str) -> type[RewardForm]:
    """Return the form of a type of reward: its own fields, then those that all or many have."""
    typed = {field.name: _field(type_name, field) for field in reward_type(type_name).fields}
    left_out = dict.fromkeys(fields_left_out(type_name))
    costs = {"points": _step_points()} if type_name == "slider" else {}
    return type("TypedRewardForm", (RewardForm,), {**typed, **left_out, **costs})


def own_fields(form: RewardForm, type_name: str) -> list[Field]:
    """Return the fields that say what the reward gives, in the order of its type."""
    return [form[field.name] for field in reward_type(type_name).fields]


def _step_points() -> Any:  # noqa: ANN401 - WTForms' unbound fields have no public type
    return WholeNumberField(_("Each step costs this many points"), COST_RULES)


def _field(type_name: str, field: RewardField) -> Any:  # noqa: ANN401 - as above
    rule = InputRequired(_("Enter a value.")) if field.required else Optional()
    rules = [rule, Length(max=field.most)] if field.kind == "text" else [rule]
    label, about = _labels(type_name)[field.name]
    if field.kind == "variants":
        rules = []
    return FIELD_CLASSES[field.kind](label, rules, description=about)


def _labels(type_name: str) -> Mapping[str, tuple[str, str]]:
    """Return the label and the help of each field that types have."""
    amounts = {
        "slider": _("Each step takes off"),
        "store_credit": _("Credit"),
        "gift_card": _("Amount on the card"),
        "donation": _("You give"),
    }
    abouts = {"donation": _("Shown to customers. Empty: only the cause is.")}
    lasting = {
        "store_credit": _("Credit always ends; 365 is a year."),
        "gift_card": _("Empty: the card does not end."),
    }
    return {
        "amount_minor": (amounts.get(type_name, _("Amount off")), abouts.get(type_name, "")),
        "percentage_bp": (_("Percentage off"), ""),
        "minimum_subtotal_minor": (_("Only on orders over"), _("Empty: on every order.")),
        "least_points": (_("Fewest points at once"), _("Empty: one step.")),
        "most_points": (_("Most points at once"), _("Empty: up to the whole of the order.")),
        "life_days": (_("Lasts this many days"), lasting.get(type_name, "")),
        "cause": (_("The cause"), _("Customers read it, such as “Plant a tree”.")),
        "what": (_("What the customer gets"), _("Customers read it, such as “A tea lesson”.")),
        "instructions": (_("What staff have to do"), _("Only staff read it.")),
        "variant_ids": (
            _("Products to choose from"),
            _("The customer gets one of them, once it is in the cart."),
        ),
    }


def config_of(form: RewardForm, type_name: str) -> dict[str, Any]:
    """Return the type's configuration as it was entered; empty optional fields are left out."""
    config = {}
    for field in reward_type(type_name).fields:
        data = form[field.name].data
        if field.kind == "variants":
            data = [item.id for item in data or ()]
        if data is not None:
            config[field.name] = data
    return config


def names_in(form: RewardForm) -> dict[tuple[str, int], str]:
    """Return the names of all that was picked, by kind and id."""
    fields = [field for field in form if isinstance(field, PickedField)]
    return {(field.kind, item.id): item.title for field in fields for item in field.data or ()}


def images_in(form: RewardForm) -> dict[tuple[str, int], str]:
    """Return the pictures of the variants that were picked, by kind and id."""
    fields = [field for field in form if isinstance(field, VariantsField)]
    items = [item for field in fields for item in field.data or ()]
    return {("variant", item.id): item.image for item in items if item.image}


def tell_errors(form: RewardForm, field_errors: Mapping[str, str]) -> None:
    """Put what the domain refused next to the fields where it was entered."""
    sentences = {
        "required": _("Enter a value."),
        "not_positive": _("Enter more than 0."),
        "negative": _("Enter 0 or more."),
        "too_large": _("Enter a smaller value."),
        "not_a_number": _("Enter a number."),
        **offer_error_sentences(),
    }
    for fault, code in field_errors.items():
        name = OFFER_FIELDS.get(fault, fault)
        field = form[name] if name in form else form["points"]
        field.errors = [*field.errors, sentences.get(code, _("This value cannot be used."))]
