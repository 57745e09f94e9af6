"""The form that asks over which of the store's orders two sets of rules are compared."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from wtforms import Field, Form
from wtforms.validators import InputRequired, ValidationError

from app.web.admin.lazy_text import lazy as _l
from app.web.admin.polaris_fields import PolarisWidget


class DayField(Field):
    """A day of the shop's calendar."""

    widget = PolarisWidget("s-date-field")

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return self.data.isoformat() if self.data else ""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read a day such as 2026-11-22."""
        self.data = None
        text = valuelist[0].strip() if valuelist else ""
        if not text:
            return
        try:
            self.data = date.fromisoformat(text)
        except ValueError:
            raise ValueError(_("Enter a day, such as 2026-11-22.")) from None


class CompareForm(Form):
    """From which day to which, both included."""

    first = DayField(_l("Orders from"), [InputRequired(_l("Choose the first day."))])
    last = DayField(_l("to"), [InputRequired(_l("Choose the last day."))])

    def validate_last(self, field: DayField) -> None:
        """Refuse a period that ends before it begins."""
        if field.data and self.first.data and field.data < self.first.data:
            raise ValidationError(_("The last day is before the first."))

    def period(self, iana_timezone: str) -> tuple[datetime, datetime]:
        """Return the days as moments [since, until) in the shop's time zone."""
        return (
            _midnight(self.first.data, iana_timezone),
            _midnight(self.last.data + timedelta(days=1), iana_timezone),
        )


def days_of(since: datetime, until: datetime, iana_timezone: str) -> dict[str, date]:
    """Return what the form asked when the period [since, until) came of it."""
    zone = ZoneInfo(iana_timezone)
    return {
        "first": since.astimezone(zone).date(),
        "last": (until.astimezone(zone) - timedelta(days=1)).date(),
    }


def last_year(now: datetime, iana_timezone: str) -> dict[str, date]:
    """Return what the form asks for unless told otherwise: the last twelve months."""
    today = now.astimezone(ZoneInfo(iana_timezone)).date()
    # A leap day has no anniversary: the day after stands for it.
    first = date(today.year - 1, today.month, 1) + timedelta(days=today.day - 1)
    return {"first": first, "last": today}


def _midnight(day: date, iana_timezone: str) -> datetime:
    return datetime.combine(day, time(), ZoneInfo(iana_timezone))
