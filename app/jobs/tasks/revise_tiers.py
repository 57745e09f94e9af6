"""Moves a programme's members to the tiers that they have earned by now."""

from app.clock import utc_now
from app.db.session import Tenant
from app.jobs.work import Work
from app.services.revise_tiers import revise_tiers


def run(work: Work, program_id: int) -> None:
    """Revise the tiers; Shopify is told of those that changed."""
    parts = work.parts
    with parts.database.tenant(Tenant(program_id=program_id)) as session:
        if revise_tiers(session, program_id=program_id, now=utc_now()):
            parts.jobs.enqueue("push_member_metafields", session=session, program_id=program_id)
