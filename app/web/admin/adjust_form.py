"""The form with which staff add or take points by hand."""

from wtforms import Form, HiddenField
from wtforms.validators import UUID, InputRequired, Length, NumberRange

from app.web.admin.lazy_text import lazy as _l
from app.web.admin.polaris_fields import ChoiceField, TextField, WholeNumberField


class AdjustForm(Form):
    """Points to add or take, and why; `key` makes a repeated submission the same adjustment."""

    key = HiddenField(validators=[UUID(_l("Open the page again and repeat the adjustment."))])
    direction = ChoiceField(
        _l("Do what"), choices=[("add", _l("Add points")), ("take", _l("Take points"))]
    )
    points = WholeNumberField(
        _l("Points"),
        [
            InputRequired(_l("Enter how many points.")),
            NumberRange(1, 1_000_000, _l("Enter a number from 1 to 1,000,000.")),
        ],
    )
    note = TextField(
        _l("Why"),
        [InputRequired(_l("Say why, for whoever reads the ledger.")), Length(max=200)],
        description=_l("Seen by staff only."),
    )
