"""What points came from, as staff reads it."""

from flask_babel import gettext as _


def source_name(source_kind: str) -> str:
    """Return what an award is for; empty where an order is its source."""
    names = {
        "sign_up": _("Sign-up"),
        "manual": _("Given by staff"),
        "tier_entry": _("Reached a tier"),
        "tier_yearly": _("Another year of a tier"),
        "birthday": _("Birthday"),
    }
    return names.get(source_kind, "")
