"""The forms with which staff give a member a tier, and keep the birthday."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from wtforms import Form
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import InputRequired, Length, Optional, ValidationError

from app.domain.tiers import TierLevel
from app.web.admin.compare_form import DayField
from app.web.admin.lazy_text import lazy as _l
from app.web.admin.polaris_fields import ChoiceField, TextField


class PinForm(Form):
    """Which tier, until when, and why."""

    tier = ChoiceField(_l("Tier"), choices=[])
    until = DayField(
        _l("Last day"),
        [Optional()],
        description=_l("Leave it empty to keep the tier until you take it back."),
    )
    note = TextField(
        _l("Why"),
        [InputRequired(_l("Say why, for whoever looks at this member later.")), Length(max=200)],
        description=_l("Seen by staff only."),
    )

    def ends_at(self, iana_timezone: str) -> datetime | None:
        """Return the end of the last day in the shop's time zone; None: no end."""
        if self.until.data is None:
            return None
        next_day: date = self.until.data + timedelta(days=1)
        return datetime.combine(next_day, time(), ZoneInfo(iana_timezone))


def tier_choices(tiers: Sequence[TierLevel]) -> list[SelectChoice]:
    """Return the tiers that can be chosen."""
    return [SelectChoice(str(tier.id), tier.name) for tier in tiers]


class UnpinForm(Form):
    """Why a tier is taken back."""

    note = TextField(
        _l("Why"),
        [InputRequired(_l("Say why, for whoever looks at this member later.")), Length(max=200)],
        description=_l("Seen by staff only."),
    )


class BirthdayForm(Form):
    """A birthday, without the year."""

    birthday = TextField(
        _l("Birthday"),
        [Optional()],
        description=_l("Day and month, such as 5/12 for 5 December. Empty: not known."),
    )

    def validate_birthday(self, field: TextField) -> None:
        """Refuse what is no day of a year."""
        if self.month_and_day is None:
            raise ValidationError(_("Enter day and month, such as 5/12."))

    @property
    def month_and_day(self) -> tuple[int, int] | None:
        """Return month and day as typed; None when it cannot be read."""
        day, _slash, month = (self.birthday.data or "").partition("/")
        try:
            # A leap year: 29 February is a birthday too.
            return date(2028, int(month), int(day)).month, int(day)
        except ValueError:
            return None
