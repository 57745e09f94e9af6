"""Checks the tiers that a merchant typed, and says where each of them stands."""

from collections.abc import Sequence

from app.domain.errors import LoyaltyError
from app.domain.program_defaults import TierDraft
from app.domain.tier_terms import MOST_GRACE_DAYS, TierTerms

MOST_TIERS = 10
MOST_NAME_LENGTH = 40
MOST_THRESHOLD = 10**12
MOST_PERK_POINTS = 10**9
MOST_TAG_LENGTH = 40


class InvalidTiers(LoyaltyError):
    """The tiers cannot be accepted."""

    def __init__(self, errors: Sequence[tuple[int, str, str]]) -> None:
        super().__init__()
        self.errors = tuple(errors)
        """(index, field, code); fields are those of TierDraft, or `grace_days` and `tiers` (index
        0); codes: required, too_long, taken, out_of_range, invalid, first_not_zero, too_many."""

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes of all faults, each once."""
        return tuple(dict.fromkeys(code for _, _, code in self.errors))


def check_tiers(tiers: Sequence[TierDraft], terms: TierTerms | None = None) -> None:
    """Raise InvalidTiers with every fault; one tier has to start at 0."""
    errors = [error for index, tier in enumerate(tiers) for error in _faults(index, tier)]
    errors += _repeated("name", [tier.name for tier in tiers])
    errors += _repeated("threshold", [tier.threshold for tier in tiers])
    errors += _repeated("customer_tag", [tier.customer_tag or None for tier in tiers])
    opened = [(tier.entry, tier.entry_value or "") for tier in tiers]
    errors += _repeated(
        "entry_value", [each if each[0] in ("tag", "company") else None for each in opened]
    )
    if not any(tier.threshold == 0 for tier in tiers):
        errors.append((0, "threshold", "first_not_zero"))
    if len(tiers) > MOST_TIERS:
        errors.append((0, "tiers", "too_many"))
    if terms is not None and not 0 <= terms.grace_days <= MOST_GRACE_DAYS:
        errors.append((0, "grace_days", "out_of_range"))
    if errors:
        raise InvalidTiers(errors)


def ranked(tiers: Sequence[TierDraft]) -> list[TierDraft]:
    """Return the tiers from low to high: as they were put, those by threshold by their threshold.

    So a tier by invitation stays where it was put among the others, whatever was typed last.
    """
    climbing = iter(sorted((t for t in tiers if t.threshold is not None), key=_threshold))
    return [tier if tier.threshold is None else next(climbing) for tier in tiers]


def _threshold(tier: TierDraft) -> int:
    return tier.threshold or 0


def _faults(index: int, tier: TierDraft) -> list[tuple[int, str, str]]:
    faults = []
    if not tier.name.strip():
        faults.append((index, "name", "required"))
    if len(tier.name) > MOST_NAME_LENGTH:
        faults.append((index, "name", "too_long"))
    if not 10_000 <= tier.multiplier_bp <= 100_000:
        faults.append((index, "multiplier_bp", "out_of_range"))
    perks = ("entry_points", "yearly_points", "birthday_points")
    faults += [
        (index, perk, "out_of_range")
        for perk in perks
        if not 0 <= getattr(tier, perk) <= MOST_PERK_POINTS
    ]
    if tier.customer_tag is not None:
        faults += _tag_faults(index, "customer_tag", tier.customer_tag)
    return faults + _entry_faults(index, tier)


def _entry_faults(index: int, tier: TierDraft) -> list[tuple[int, str, str]]:
    value = tier.entry_value
    if tier.entry == "threshold":
        if tier.threshold is None:
            return [(index, "threshold", "required")]
        if not 0 <= tier.threshold <= MOST_THRESHOLD:
            return [(index, "threshold", "out_of_range")]
        return []
    if tier.threshold is not None:
        return [(index, "threshold", "invalid")]
    if tier.entry == "tag":
        return _tag_faults(index, "entry_value", value or "")
    if tier.entry == "company" and value and not (value.isascii() and value.isdigit()):
        return [(index, "entry_value", "invalid")]
    return []


def _tag_faults(index: int, field: str, tag: str) -> list[tuple[int, str, str]]:
    """Return what is wrong with a tag: Shopify parts tags at commas."""
    if not tag.strip():
        return [(index, field, "required")]
    if len(tag) > MOST_TAG_LENGTH:
        return [(index, field, "too_long")]
    return [(index, field, "invalid")] if "," in tag else []


def _repeated(field: str, values: Sequence[object]) -> list[tuple[int, str, str]]:
    return [
        (index, field, "taken")
        for index, value in enumerate(values)
        if value is not None and value in values[:index]
    ]
