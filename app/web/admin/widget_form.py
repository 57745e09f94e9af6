"""The form of the widget's looks."""

from wtforms import Form
from wtforms.validators import InputRequired, Length, Regexp

from app.web.admin.lazy_text import lazy as _l
from app.web.admin.polaris_fields import ChoiceField, ColourField, TextField


class WidgetForm(Form):
    """Colour, icon and place of the storefront widget."""

    colour = ColourField(
        _l("Colour"),
        [
            InputRequired(_l("Choose a colour.")),
            Regexp(r"^#[0-9a-fA-F]{6}$", message=_l("Enter a colour such as #1f5f4a.")),
        ],
        description=_l("The text on it is black or white, whichever reads better."),
    )
    icon = TextField(
        _l("Icon"),
        [InputRequired(_l("Enter one emoji.")), Length(max=8, message=_l("Enter one emoji."))],
        description=_l("One emoji, shown on the launcher."),
    )
    corner = ChoiceField(
        _l("Place"),
        choices=[("right", _l("Bottom right")), ("left", _l("Bottom left"))],
    )
