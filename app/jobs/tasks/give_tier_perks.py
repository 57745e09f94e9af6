"""Gives the members of a programme the points of their tiers that are due."""

from app.clock import utc_now
from app.db.session import Tenant
from app.jobs.work import Work
from app.services.give_tier_perks import give_tier_perks


def run(work: Work, program_id: int) -> None:
    """Give all that is due, some hundreds in a transaction; Shopify is told after."""
    parts = work.parts
    given = True
    while given:
        with parts.database.tenant(Tenant(program_id=program_id)) as session:
            given = bool(
                give_tier_perks(
                    session,
                    program_id=program_id,
                    now=utc_now(),
                    ledger_key=parts.settings.ledger_key,
                )
            )
            if given:
                parts.jobs.enqueue("push_member_metafields", session=session, program_id=program_id)
