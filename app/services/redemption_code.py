"""Makes discount codes that nobody can guess."""

import secrets

ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Digits and capitals that are not mistaken for each other."""
LENGTH = 12


def new_code() -> str:
    """Return a code of 58 random bits, such as RG-7KQ2M9XWTB4H."""
    return "RG-" + "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
