"""Something in a ledger that does not equal what the postings say."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Discrepancy:
    """One thing that is wrong: which check found it, where, what it should be and what it is."""

    what: str
    """The check, as app.web.admin.proof_words names it: balances, lots, chain, …"""
    where: str
    """Who or what it is about: "member:12", "member:12 posting:3"; empty for the whole programme."""
    expected: str
    found: str
