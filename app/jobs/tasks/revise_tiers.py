"""Moves a programme's members to the tiers that they have earned by now."""

from app.clock import utc_now
from app.db.session import Tenant
from app.flows.revise_tiers import revise_tiers
from app.jobs.work import Work


def run(work: Work, program_id: int) -> None:
    """Revise the tiers; Shopify is told of those that changed, and what tiers give is given."""
    parts = work.parts
    revise_tiers(parts.database, program_id=program_id, now=utc_now())
    with parts.database.tenant(Tenant(program_id=program_id)) as session:
        for name in ("push_member_metafields", "give_tier_perks"):
            parts.jobs.enqueue(name, session=session, program_id=program_id)
