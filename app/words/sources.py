"""What points came from, in a few words."""

from app.words.catalogue import Words


def source_name(words: Words, source_kind: str) -> str:
    """Return what an award is for, unless an order or a gift of staff is its source."""
    _ = words.gettext
    names = {
        "sign_up": _("Welcome"),
        "tier_entry": _("A new tier"),
        "tier_yearly": _("Another year of your tier"),
        "birthday": _("Your birthday"),
    }
    return names.get(source_kind, _("A gift from the shop"))
