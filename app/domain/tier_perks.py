"""The points that tiers give: on entry, for every year, and on a birthday."""

from datetime import timedelta
from typing import Final, Literal

from app.domain.award import Reckoning, reckon_gift

PerkKind = Literal["tier_entry", "tier_yearly", "birthday"]
"""The source kinds of their awards, and the kinds of their receipts' lines."""
PERK_KINDS: Final[tuple[PerkKind, ...]] = ("tier_entry", "tier_yearly", "birthday")
PERK_LATE = timedelta(days=30)
"""How late entries are still given, should no job have run."""


def reckon_perk(kind: PerkKind, points: int, tier_name: str) -> Reckoning:
    """Return what a tier gave, by the name that it had."""
    return reckon_gift(kind, points, tier_name)
