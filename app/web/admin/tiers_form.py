"""The form of a programme's tiers: by what they are reckoned, and each with its entry and perks."""

from collections.abc import Iterable
from decimal import Decimal, InvalidOperation
from typing import Any, cast

from flask import g
from flask_babel import gettext as _
from wtforms import Field, FieldList, Form, FormField, HiddenField
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from app.domain.program_defaults import TierDraft
from app.domain.tier_drafts import InvalidTiers, check_tiers
from app.domain.tier_terms import MOST_GRACE_DAYS, TierMeasure, TierTerms
from app.domain.tiers import TierEntry
from app.web.admin.lazy_text import lazy as _l
from app.web.admin.page import reader_locale
from app.web.admin.polaris_fields import (
    CheckboxField,
    ChoiceField,
    MoneyField,
    PolarisWidget,
    TextField,
    WholeNumberField,
)
from app.words.formats import money, whole

MAX_TIERS = 10
MEASURES = ("spend", "points", "orders")
ENTRIES = [
    ("threshold", _l("Whoever reaches it")),
    ("invitation", _l("Only those whom you invite")),
    ("tag", _l("Customers with a tag")),
    ("company", _l("Customers who buy for a company")),
]


def use_measure(measure: str) -> None:
    """Let the thresholds of this request be read and shown in a measure's unit."""
    g.tier_measure = measure if measure in MEASURES else "spend"


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


class ThresholdField(MoneyField):
    """From which measure on: an amount of money, points or orders, by `use_measure`."""

    widget = PolarisWidget("s-number-field", min="0", data_threshold=True)

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401
        super().__init__(*args, **kwargs)
        suffixes = {"spend": self.currency, "points": _("points"), "orders": _("orders")}
        self.render_kw = {"suffix": suffixes[g.tier_measure]}

    @property
    def _places(self) -> int:
        return super()._places if g.tier_measure == "spend" else 0

    def in_words(self) -> str:
        """Return what was typed, as people read it: ฿7,500, 12 orders."""
        if self.data is None:
            return self._value()
        if g.tier_measure == "spend":
            return money(self.data, self.currency, reader_locale())
        return f"{whole(self.data, reader_locale())} {self.render_kw['suffix']}"


class PerkField(WholeNumberField):
    """Points that a tier gives; nothing typed is none."""

    widget = PolarisWidget("s-number-field", step="1", min="0")

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the points."""
        super().process_formdata([text for text in valuelist if text.strip()] or ["0"])


class TierForm(Form):
    """One tier: its name, how it is entered, and what it gives."""

    tier_id = HiddenField()
    place = HiddenField()
    tier_name = TextField(_l("Name"), [InputRequired(_l("Give the tier a name.")), Length(max=40)])
    entry = ChoiceField(
        _l("Who is in it"),
        choices=ENTRIES,
        default="threshold",
    )
    threshold = ThresholdField(_l("From"), [Optional()])
    entry_value = TextField(_l("Which tag"), [Length(max=40)])
    multiplier = MultiplierField(_l("Points times"))
    entry_points = PerkField(
        _l("Points on reaching it"), [NumberRange(0, 10**9, _l("Enter 0 or more."))], default=0
    )
    yearly_points = PerkField(
        _l("Points every year"), [NumberRange(0, 10**9, _l("Enter 0 or more."))], default=0
    )
    birthday_points = PerkField(
        _l("Points on the birthday"), [NumberRange(0, 10**9, _l("Enter 0 or more."))], default=0
    )
    customer_tag = TextField(
        _l("Customer tag in Shopify"),
        [Length(max=40)],
        description=_l(
            "Members carry this tag and make a segment of their own, for your themes, discounts and"
            " mails. Leave it empty for none."
        ),
    )
    free_shipping = CheckboxField(_l("Every order ships for free"))
    hidden = CheckboxField(_l("Hide it from everybody who is not in it"))

    @property
    def gist(self) -> str:
        """How it is entered and what it multiplies, as it was when the page was drawn."""
        way = str(dict(ENTRIES).get(self.entry.data, ""))
        if self.entry.data == "threshold":
            way = self.threshold.in_words()
        return f"{way} · ×{self.multiplier._value()}"

    @property
    def summary(self) -> str:
        """What the tier is called, for the line that opens its fields."""
        return self.tier_name.data or _("New tier")


class TiersForm(Form):
    """What tiers are reckoned by, and the tiers."""

    measure = ChoiceField(
        _l("Customers climb by"),
        choices=[
            ("spend", _l("what they spend")),
            ("points", _l("the points they earn")),
            ("orders", _l("how many orders they place")),
        ],
    )
    window = ChoiceField(
        _l("Counted over"),
        choices=[
            ("rolling", _l("the last 12 months")),
            ("calendar", _l("the calendar year")),
            ("lifetime", _l("all time")),
        ],
    )
    loss = ChoiceField(
        _l("Who no longer reaches a tier"),
        choices=[
            ("earned", _l("goes to the tier now reached")),
            ("step", _l("goes down one tier")),
            ("never", _l("keeps it for good")),
        ],
    )
    grace_days = WholeNumberField(
        _l("Days of grace before that"),
        [
            InputRequired(_l("Enter how many days; 0 for none.")),
            NumberRange(0, MOST_GRACE_DAYS, _l("Choose a number from 0 to 366.")),
        ],
    )
    tiers = FieldList(FormField(TierForm), min_entries=1, max_entries=MAX_TIERS)

    @property
    def tier_forms(self) -> list[TierForm]:
        """Return the forms of the tiers, from low to high as they were put."""
        forms = [entry.form for entry in self.tiers.entries]
        order = {id(form): index for index, form in enumerate(forms)}
        return sorted(forms, key=lambda form: (_whole(form.place.data), order[id(form)]))

    @property
    def terms(self) -> TierTerms:
        """Return the terms as entered; only after each field could be read."""
        return TierTerms(
            measure=cast("TierMeasure", self.measure.data),
            window=self.window.data,
            grace_days=self.grace_days.data or 0,
            loss=self.loss.data,
        )

    def drafts(self) -> list[TierDraft]:
        """Return the tiers as entered; only after each field could be read."""
        return [_draft(form) for form in self.tier_forms]

    def validate(self, extra_validators: Any = None) -> bool:  # noqa: ANN401
        """Check each field, then what the tiers must be together."""
        if not super().validate(extra_validators):
            return False
        try:
            check_tiers(self.drafts(), self.terms)
        except InvalidTiers as error:
            self._tell(error)
            return False
        return self._shipping_has_tags()

    def _shipping_has_tags(self) -> bool:
        """Return whether each tier that ships for free has the tag by which Shopify knows it."""
        missing = [
            form
            for form in self.tier_forms
            if form.free_shipping.data and not form.customer_tag.data
        ]
        for form in missing:
            form.customer_tag.errors = [
                _("Free shipping needs a tag: Shopify gives it to the customers who carry it.")
            ]
        return not missing

    def _tell(self, error: InvalidTiers) -> None:
        """Put what the rules refused next to the fields where it was entered."""
        for index, field, code in error.errors:
            if field == "grace_days":
                self.grace_days.errors = [_sentences()[code]]
                continue
            form = self.tier_forms[index]
            place = {"name": "tier_name", "multiplier_bp": "multiplier"}.get(field, field)
            shown = form[place if place in form else "tier_name"]
            sentences = _sentences() | _sentences_of(field)
            shown.errors = [*shown.errors, sentences[code]]


def tier_data(draft_fields: Iterable[tuple[str, object]]) -> dict[str, object]:
    """Return what a tier's form shows, told by the names of the tier's columns."""
    names = {"id": "tier_id", "name": "tier_name", "multiplier_bp": "multiplier"}
    return {names.get(name, name): "" if value is None else value for name, value in draft_fields}


def _draft(form: TierForm) -> TierDraft:
    tier_id = form.tier_id.data or ""
    by_threshold = form.entry.data == "threshold"
    named = form.entry.data in ("tag", "company")
    return TierDraft(
        id=int(tier_id) if tier_id.isdigit() else None,
        name=form.tier_name.data or "",
        entry=cast("TierEntry", form.entry.data),
        entry_value=(form.entry_value.data or None) if named else None,
        threshold=form.threshold.data if by_threshold else None,
        multiplier_bp=form.multiplier.data,
        hidden=form.hidden.data,
        entry_points=form.entry_points.data or 0,
        yearly_points=form.yearly_points.data or 0,
        birthday_points=form.birthday_points.data or 0,
        free_shipping=form.free_shipping.data,
        customer_tag=form.customer_tag.data or None,
    )


def _whole(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() else MAX_TIERS


def _sentences() -> dict[str, str]:
    return {
        "first_not_zero": _("One tier has to start at 0."),
        "invalid": _("This value cannot be used."),
        "out_of_range": _("This value cannot be used."),
        "required": _("Fill this in."),
        "too_long": _("Choose a shorter name."),
        "too_many": _("There can be at most 10 tiers."),
        "taken": _("Another tier has this already."),
    }


def _sentences_of(field: str) -> dict[str, str]:
    """Return what is said otherwise of one field."""
    return {
        "name": {"taken": _("Two tiers cannot have the same name.")},
        "threshold": {
            "taken": _("Two tiers cannot start at the same place."),
            "required": _("Enter from where on it is reached; 0 for the first tier."),
        },
        "customer_tag": {"invalid": _("A tag cannot have a comma.")},
        "entry_value": {
            "invalid": _("Enter the company's number, or nothing for all companies."),
            "required": _("Enter the tag."),
        },
    }.get(field, {})
