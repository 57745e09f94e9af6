"""Reckons the tiers of a whole programme in parts, some side by side."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

from app.db.session import Database, Tenant
from app.db.tier_reviews import Moment, ranges
from app.services.revise_tiers import moment_of, revise_range, settle

MEMBERS_AT_A_TIME = 25_000
"""A transaction: so long orders of these members wait, and so much is held in memory."""
SIDE_BY_SIDE = 3
"""Two keep two processors busy, but for when one of them waits for the disk."""


def revise_tiers(database: Database, *, program_id: int, now: datetime) -> int:
    """Review the members whose review is due, or all after new settings; return how many changed.

    A part that is done stays done, whatever becomes of the others; a repeat changes nothing.
    """
    tenant = Tenant(program_id=program_id)

    def revise(at: Moment, part: tuple[int, int]) -> int:
        with database.tenant(tenant) as session:
            return revise_range(session, at, *part)

    with ThreadPoolExecutor(SIDE_BY_SIDE) as pool:
        with database.tenant(tenant) as session:
            at = moment_of(session, program_id, now)
            # Parts are under way while the next are looked for.
            parts = ranges(session, at, MEMBERS_AT_A_TIME)
            under_way = [pool.submit(revise, at, part) for part in parts]
        changed = sum(part.result() for part in under_way)
    with database.tenant(tenant) as session:
        settle(session, at)
    return changed
