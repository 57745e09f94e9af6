"""The codes of redemptions: unguessable, and never a word."""

import secrets
from itertools import islice

from app.domain.ways import Way

# No vowels and nothing that looks like something else, so that no code reads as a word.
ALPHABET = "23456789BCDFGHJKLMNPQRSTVWXZ"
GROUPS = (4, 4, 4, 2)
DEFAULT_PREFIX = "RG"
PREFIX_LENGTH_MAX = 6


def new_code(way: Way, prefix: str = DEFAULT_PREFIX) -> str:
    """Return a code such as RG-7KPM-X2WQ-9DTR-5C: 28^14, more than 67 bits.

    Gift cards take letters and digits only, 8 to 20 of them: RG7KPMX2WQ9DTR5C.
    """
    letters = iter(_letters(sum(GROUPS)))
    groups = ["".join(islice(letters, length)) for length in GROUPS]
    return ("" if way.code == "gift_card" else "-").join([prefix, *groups])


def _letters(count: int) -> list[str]:
    """Return letters by chance, of one number: each number is asked of the operating system."""
    number = secrets.randbelow(len(ALPHABET) ** count)
    letters = []
    for _ in range(count):
        number, place = divmod(number, len(ALPHABET))
        letters.append(ALPHABET[place])
    return letters
