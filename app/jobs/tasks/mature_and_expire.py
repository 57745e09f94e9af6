"""Matures pending points and expires old ones of a programme."""

import time

from app.clock import utc_now
from app.db.session import Tenant
from app.jobs.work import Work
from app.services.mature_and_expire import mature_and_expire

RUN_S = 4.0
PRIORITY = 5


def run(work: Work, program_id: int) -> None:
    """Bring due members up to date, batch by batch; what is left after four seconds is enqueued."""
    parts = work.parts
    ends = time.monotonic() + RUN_S
    while time.monotonic() < ends:
        with parts.database.tenant(Tenant(program_id=program_id)) as session:
            done = mature_and_expire(
                session,
                program_id=program_id,
                now=utc_now(),
                ledger_key=parts.settings.ledger_key,
            )
        if done == 0:
            parts.jobs.enqueue("push_member_metafields", program_id=program_id)
            return
    parts.jobs.enqueue("mature_and_expire", program_id=program_id)
