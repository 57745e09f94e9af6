"""The form of earning rules: those in force and those of a draft."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from flask_babel import gettext as _
from wtforms import Form
from wtforms.validators import InputRequired, NumberRange, ValidationError

from app.db.queries.picked_items import Names
from app.domain.program_rules import ProgramRules, points_expire
from app.web.admin.lazy_text import lazy as _l
from app.web.admin.list_fields import (
    Picked,
    PickedField,
    WordsField,
    read_warning_days,
    warning_days_text,
)
from app.web.admin.polaris_fields import (
    CheckboxField,
    ChoiceField,
    MoneyField,
    TextField,
    WholeNumberField,
)

PLAIN_SETTINGS = (
    "points_per_unit",
    "unit_minor",
    "rounding",
    "include_tax",
    "include_shipping",
    "guests",
    "earn_on",
    "pending_days",
    "sign_up_points",
    "debt_policy",
    "return_policy",
    "lapse_policy",
    "code_days",
)
"""Settings that a field of the same name holds as they are."""
WORD_SETTINGS = ("excluded_product_tags", "excluded_customer_tags", "excluded_discount_codes")
PICKED_SETTINGS = {"excluded_product_ids": "product", "excluded_collection_ids": "collection"}
NEVER = "never"
MONTHS_MAX = 120
EXPIRY_DAYS_MAX = 3_650


class RulesForm(Form):
    """How points are earned, wait and end."""

    points_per_unit = WholeNumberField(
        _l("Customers earn this many points"),
        [
            InputRequired(_l("Enter how many points.")),
            NumberRange(1, 100_000, _l("Enter a number from 1 to 100,000.")),
        ],
    )
    unit_minor = MoneyField(
        _l("for every amount they spend"),
        [
            InputRequired(_l("Enter the amount that earns them.")),
            NumberRange(1, 10**9, _l("Enter an amount above 0.")),
        ],
    )
    sign_up_points = WholeNumberField(
        _l("Points for signing up"),
        [
            InputRequired(_l("Enter a number; 0 gives none.")),
            NumberRange(0, 1_000_000, _l("Enter a number from 0 to 1,000,000.")),
        ],
    )
    earn_on = ChoiceField(
        _l("An order earns when it is"),
        choices=[("paid", _l("paid")), ("fulfilled", _l("fulfilled"))],
    )
    rounding = ChoiceField(
        _l("Parts of a point are"),
        choices=[("down", _l("dropped")), ("half_up", _l("rounded to the nearest whole point"))],
        description=_l("Once for each order, not for each item."),
    )
    include_tax = CheckboxField(_l("Tax counts as spend"))
    include_shipping = CheckboxField(_l("Shipping counts as spend"))
    guests = ChoiceField(
        _l("Orders placed without signing in"),
        choices=[
            ("earn", _l("earn for the customer record that Shopify makes")),
            ("signed_in_only", _l("earn nothing")),
        ],
        description=_l(
            "Shopify does not say who was signed in. With new customer accounts, a customer whom this"
            " app has never seen signed in counts as a guest, unless the shop asks everybody to sign"
            " in at checkout."
        ),
    )
    excluded_product_ids = PickedField(_l("Products that earn nothing"), kind="product")
    excluded_collection_ids = PickedField(
        _l("Collections whose products earn nothing"),
        kind="collection",
        description=_l("A product counts as it is sorted when its order is first reckoned."),
    )
    excluded_product_tags = WordsField(_l("Product tags that earn nothing"))
    excluded_customer_tags = WordsField(
        _l("Customer tags that earn nothing"),
        description=_l("Such as staff or wholesale: none of their orders earns."),
    )
    excluded_discount_codes = WordsField(
        _l("Discount codes that earn nothing"),
        description=_l("An order with one of these codes earns nothing at all."),
    )
    pending_days = WholeNumberField(
        _l("Days until points can be used"),
        [
            InputRequired(_l("Enter a number; 0 makes them usable at once.")),
            NumberRange(0, 90, _l("Choose 0 to 90 days.")),
        ],
        description=_l(
            "As long as your returns take: points of a returned order are then never spent."
        ),
    )
    expiry = ChoiceField(
        _l("Unused points expire"),
        choices=[
            ("lot", _l("each order's points by themselves, some months after they could be used")),
            ("inactivity", _l("the whole balance, after months without earning or spending")),
            (NEVER, _l("never")),
        ],
    )
    expiry_months = WholeNumberField(
        _l("Months or days until they expire"),
        description=_l("Empty when points never expire."),
    )
    expiry_unit = ChoiceField(
        _l("Counted in"), choices=[("months", _l("months")), ("days", _l("days"))], default="months"
    )
    warning_days = TextField(
        _l("Days before, on which shoppers are warned"),
        description=_l("With commas between them, such as 30, 7. Empty: no warning."),
    )
    debt_policy = ChoiceField(
        _l("Points already spent when an order is refunded"),
        choices=[
            ("owe", _l("are owed and filled by later orders")),
            ("write_off", _l("are written off: the balance stops at zero")),
        ],
    )
    return_policy = ChoiceField(
        _l("Points used on an order that is refunded"),
        choices=[
            ("proportional", _l("come back in proportion to the refund")),
            ("full_only", _l("come back when the whole order is refunded")),
            ("never", _l("do not come back")),
        ],
    )
    lapse_policy = ChoiceField(
        _l("Points for a code that was never used"),
        choices=[
            ("return", _l("come back when the code expires")),
            ("keep", _l("do not come back")),
        ],
    )
    code_days = WholeNumberField(
        _l("Days that a code can be used"),
        [
            InputRequired(_l("Enter how many days.")),
            NumberRange(1, 365, _l("Choose 1 to 365 days.")),
        ],
    )

    def validate_expiry_months(self, field: WholeNumberField) -> None:
        """Ask for months where points expire at all."""
        if field.data is None and self.expiry.data != NEVER:
            raise ValidationError(_("Enter how many months, or choose that points never expire."))
        if self.expiry_unit.data == "days":
            if field.data is not None and not 1 <= field.data <= EXPIRY_DAYS_MAX:
                raise ValidationError(_("Choose 1 to 3,650 days."))
        elif field.data is not None and not 1 <= field.data <= MONTHS_MAX:
            raise ValidationError(_("Choose 1 to 120 months."))

    def validate_warning_days(self, field: TextField) -> None:
        """Refuse what is not days."""
        read_warning_days(field.data or "")

    def rules(self, present: ProgramRules) -> ProgramRules:
        """Return `present` with everything that the form says; only after it was validated."""
        expires = self.expiry.data != NEVER
        said: dict[str, Any] = {name: self[name].data for name in PLAIN_SETTINGS}
        said |= {name: tuple(self[name].data) for name in WORD_SETTINGS}
        said |= {name: _ids(self[name]) for name in PICKED_SETTINGS}
        said["expiry_mode"] = self.expiry.data if expires else present.expiry_mode
        in_days = self.expiry_unit.data == "days"
        said["expiry_months"] = self.expiry_months.data if expires and not in_days else None
        said["expiry_days"] = self.expiry_months.data if expires and in_days else None
        said["warning_days"] = read_warning_days(self.warning_days.data or "")
        return replace(present, **said)

    @property
    def names(self) -> Names:
        """The names of what was picked, by kind and id."""
        return {
            (kind, item.id): item.title
            for field, kind in PICKED_SETTINGS.items()
            for item in self[field].data
            if item.title
        }

    @property
    def folds_with_errors(self) -> set[str]:
        """Which folded parts of the form have something to correct."""
        parts = {
            "spend": ("rounding", "include_tax", "include_shipping", "guests"),
            "excluded": (*PICKED_SETTINGS, *WORD_SETTINGS),
            "refunds": ("debt_policy", "return_policy", "lapse_policy", "code_days"),
        }
        return {part for part, fields in parts.items() if any(self[name].errors for name in fields)}


def _ids(field: Any) -> tuple[int, ...]:  # noqa: ANN401 - a PickedField, which form[name] does not say
    return tuple(sorted(item.id for item in field.data))


def rules_data(rules: ProgramRules, names: Names) -> dict[str, Any]:
    """Return what the form's fields hold for these rules."""
    return {
        **{name: getattr(rules, name) for name in PLAIN_SETTINGS},
        **{name: list(getattr(rules, name)) for name in WORD_SETTINGS},
        **{
            name: [picked(kind, item_id, names) for item_id in getattr(rules, name)]
            for name, kind in PICKED_SETTINGS.items()
        },
        "expiry": rules.expiry_mode if points_expire(rules) else NEVER,
        "expiry_months": rules.expiry_months if rules.expiry_days is None else rules.expiry_days,
        "expiry_unit": "months" if rules.expiry_days is None else "days",
        "warning_days": warning_days_text(rules.warning_days),
    }


def picked(kind: str, item_id: int, names: Mapping[tuple[str, int], str]) -> Picked:
    """Return a product or collection with its name; without one, with its number."""
    number = str(item_id)
    unnamed = (
        _("Product %(number)s", number=number)
        if kind == "product"
        else _("Collection %(number)s", number=number)
    )
    return Picked(id=item_id, title=names.get((kind, item_id), unnamed))
