"""The form of a programme: its names, earning rules and tiers."""

from decimal import Decimal, InvalidOperation
from typing import Any

from flask_babel import gettext as _
from wtforms import Field, FieldList, Form, FormField, HiddenField
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from app.domain.program_defaults import TierDraft
from app.domain.tier_drafts import InvalidTiers, check_tiers
from app.web.admin.lazy_text import lazy as _l
from app.web.admin.polaris_fields import MoneyField, PolarisWidget, TextField
from app.web.admin.rules_form import RulesForm

MAX_TIERS = 10


class MultiplierField(Field):
    """How many times the points, typed as 1.25 and kept in basis points."""

    widget = PolarisWidget("s-number-field", step="0.05", min="1", max="10", prefix="×")

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        if self.data is None:
            return ""
        return f"{(Decimal(self.data) / 10_000).normalize():f}"

    def process_formdata(self, valuelist: list[str]) -> None:
        """Turn the decimal that was typed into basis points."""
        self.data = None
        try:
            times = Decimal(valuelist[0].strip() if valuelist else "")
            basis_points = times * 10_000
        except InvalidOperation:
            raise ValueError(_("Enter a number, such as 1.25.")) from None
        if not basis_points.is_finite() or basis_points != basis_points.to_integral_value():
            raise ValueError(_("Enter a number with at most four decimals."))
        if not 10_000 <= basis_points <= 100_000:
            raise ValueError(_("Choose a number from 1 to 10."))
        self.data = int(basis_points)


class TierForm(Form):
    """One level: its name, from which spend on, and how many times the points."""

    tier_id = HiddenField()
    tier_name = TextField(_l("Name"), [InputRequired(_l("Give the tier a name.")), Length(max=40)])
    threshold_minor = MoneyField(
        _l("Spend in 12 months"),
        [
            InputRequired(_l("Enter the spend from which it starts; 0 for the first tier.")),
            NumberRange(0, 10**12, _l("Enter 0 or more.")),
        ],
    )
    multiplier = MultiplierField(_l("Points times"))


class ProgrammeForm(RulesForm):
    """Names, rules and tiers of a programme."""

    name = TextField(
        _l("Name of the programme"),
        [InputRequired(_l("Give the programme a name.")), Length(max=60)],
        description=_l("Shoppers see it before they sign in."),
    )
    points_one = TextField(
        _l("One point is called"),
        [InputRequired(_l("Enter what one point is called.")), Length(max=30)],
    )
    points_other = TextField(
        _l("Several are called"),
        [InputRequired(_l("Enter what several points are called.")), Length(max=30)],
    )
    points_th = TextField(_l("In Thai"), [Optional(), Length(max=30)])
    tiers = FieldList(FormField(TierForm), min_entries=1, max_entries=MAX_TIERS)

    @property
    def tier_forms(self) -> list[TierForm]:
        """Return the forms of the tiers, in the order in which they were entered."""
        return [entry.form for entry in self.tiers.entries]

    def tier_drafts(self) -> list[TierDraft]:
        """Return the tiers as entered; only after each field could be read."""
        return [
            TierDraft(
                id=_tier_id(tier.tier_id.data or ""),
                name=tier.tier_name.data or "",
                threshold=tier.threshold_minor.data,
                multiplier_bp=tier.multiplier.data,
            )
            for tier in self.tier_forms
        ]

    def validate(self, extra_validators: Any = None) -> bool:  # noqa: ANN401
        """Check each field, then what the tiers must be together."""
        if not super().validate(extra_validators):
            return False
        try:
            check_tiers(self.tier_drafts())
        except InvalidTiers as error:
            self.tell_tier_errors(error)
            return False
        return True

    def tell_tier_errors(self, error: InvalidTiers) -> None:
        """Put what the rules refused next to the fields where it was entered."""
        sentences = {
            "first_not_zero": _("One tier has to start at 0."),
            "out_of_range": _("This value cannot be used."),
            "required": _("Give the tier a name."),
            "too_long": _("Choose a shorter name."),
            "too_many": _("There can be at most 10 tiers."),
        }
        taken = {
            "name": _("Two tiers cannot have the same name."),
            "threshold": _("Two tiers cannot start at the same spend."),
        }
        for index, field, code in error.errors:
            tier = self.tier_forms[index]
            place = {
                "name": "tier_name",
                "multiplier_bp": "multiplier",
                "threshold": "threshold_minor",
            }.get(field, field)
            shown = tier[place if place in tier else "tier_name"]
            sentence = taken[field] if code == "taken" else sentences[code]
            shown.errors = [*shown.errors, sentence]


def _tier_id(text: str) -> int | None:
    return int(text) if text.isdigit() else None
