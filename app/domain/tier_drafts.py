"""Checks the tiers that a merchant typed."""

from collections.abc import Sequence

from app.domain.errors import LoyaltyError
from app.domain.program_defaults import TierDraft

MOST_TIERS = 10
MOST_NAME_LENGTH = 40
MOST_THRESHOLD_MINOR = 10**12


class InvalidTiers(LoyaltyError):
    """The tiers cannot be accepted."""

    def __init__(self, errors: Sequence[tuple[int, str, str]]) -> None:
        super().__init__()
        self.errors = tuple(errors)
        """(index, field, code); codes: required, too_long, taken, out_of_range, first_not_zero,
        too_many (index 0)."""

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes of all faults, each once."""
        return tuple(dict.fromkeys(code for _, _, code in self.errors))


def check_tiers(tiers: Sequence[TierDraft]) -> None:
    """Raise InvalidTiers with every fault; one tier has to start at 0."""
    errors = [error for index, tier in enumerate(tiers) for error in _faults(index, tier)]
    errors += _repeated("name", [tier.name for tier in tiers])
    errors += _repeated("threshold_minor", [tier.threshold_minor for tier in tiers])
    if not any(tier.threshold_minor == 0 for tier in tiers):
        errors.append((0, "threshold_minor", "first_not_zero"))
    if len(tiers) > MOST_TIERS:
        errors.append((0, "tiers", "too_many"))
    if errors:
        raise InvalidTiers(errors)


def _faults(index: int, tier: TierDraft) -> list[tuple[int, str, str]]:
    faults = []
    if not tier.name.strip():
        faults.append((index, "name", "required"))
    if len(tier.name) > MOST_NAME_LENGTH:
        faults.append((index, "name", "too_long"))
    if not 0 <= tier.threshold_minor <= MOST_THRESHOLD_MINOR:
        faults.append((index, "threshold_minor", "out_of_range"))
    if not 10_000 <= tier.multiplier_bp <= 100_000:
        faults.append((index, "multiplier_bp", "out_of_range"))
    return faults


def _repeated(field: str, values: Sequence[object]) -> list[tuple[int, str, str]]:
    return [
        (index, field, "taken") for index, value in enumerate(values) if value in values[:index]
    ]
