"""What points came from, as staff reads it."""

from app.web.admin.lazy_text import lazy as _l

NAMES = {
    "sign_up": _l("Sign-up"),
    "manual": _l("Given by staff"),
    "tier_entry": _l("Reached a tier"),
    "tier_yearly": _l("Another year of a tier"),
    "birthday": _l("Birthday"),
}


def source_name(source_kind: str) -> str:
    """Return what an award is for; empty where an order is its source."""
    return str(NAMES.get(source_kind, ""))
