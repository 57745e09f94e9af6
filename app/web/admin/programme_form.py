"""The form of a programme: its names and earning rules."""

from wtforms.validators import InputRequired, Length, Optional

from app.web.admin.lazy_text import lazy as _l
from app.web.admin.polaris_fields import TextField
from app.web.admin.rules_form import RulesForm


class ProgrammeForm(RulesForm):
    """Names and rules of a programme."""

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
