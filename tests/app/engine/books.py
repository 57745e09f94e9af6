"""A programme's ledger as plain values, read from memory or from PostgreSQL alike."""

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple


class Move(NamedTuple):
    """One posting."""

    member: int
    kind: str
    debit: str
    credit: str
    points: int
    award: int | None
    redemption: int | None


class MemberSeen(NamedTuple):
    """A member's balances."""

    pending: int
    available: int
    held: int


class LotSeen(NamedTuple):
    """A lot."""

    member: int
    available_at: datetime
    expires_at: datetime | None
    matured: bool
    points: int
    remaining: int
    expired: int


class AwardSeen(NamedTuple):
    """An order's award with its pins."""

    id: int
    member: int
    version: int
    """Number of the rule version it is pinned to, from 1 on."""
    multiplier_bp: int
    points: int
    receipt_points: int


class RedemptionSeen(NamedTuple):
    """A redemption and what its allocations still hold."""

    member: int
    points: int
    returned: int
    state: str
    order: int | None
    open: int


@dataclass(frozen=True, kw_only=True)
class Books:
    """Everything that a driver's ledger says."""

    moves: list[Move]
    members: dict[int, MemberSeen]
    lots: list[LotSeen]
    awards: dict[int, AwardSeen]
    """By order."""
    sign_ups: dict[int, int]
    """Award ids by customer."""
    redemptions: dict[int, RedemptionSeen]
    identities: dict[int, int]
    """Members by customer."""
    merged: dict[int, int]
    """Into which member each merged one went."""
