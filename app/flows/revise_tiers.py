"""Reckons the tiers of a whole programme in parts, some side by side."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

from app.db.session import Database, Tenant
from app.db.tier_reviews import Moment, ranges
from app.services.revise_tiers import moment_of, revise_range, settle

MEMBERS_AT_A_TIME = 50_000
"""A transaction: so long orders of these members wait, and so much is held in memory."""
SIDE_BY_SIDE = 2


def revise_tiers(database: Database, *, program_id: int, now: datetime) -> int:
    """Review the members whose review is due, or all after new settings; return how many changed.

    A part that is done stays done, whatever becomes of the others; a repeat changes nothing.
    """
    tenant = Tenant(program_id=program_id)
    with database.tenant(tenant) as session:
        at = moment_of(session, program_id, now)
        parts = ranges(session, at, MEMBERS_AT_A_TIME)

    def revise(part: tuple[int, int]) -> int:
        with database.tenant(tenant) as session:
            return revise_range(session, at, *part)

    if len(parts) <= 1:
        changed = sum(map(revise, parts))
    else:
        with ThreadPoolExecutor(SIDE_BY_SIDE) as pool:
            changed = sum(pool.map(revise, parts))
    _settle(database, tenant, at)
    return changed


def _settle(database: Database, tenant: Tenant, at: Moment) -> None:
    with database.tenant(tenant) as session:
        settle(session, at)
