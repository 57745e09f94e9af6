"""Reckons or grants points for past orders, in batches, each its own transaction."""

import logging
import time

from sqlalchemy.exc import DBAPIError

from app.clock import utc_now
from app.container import Container
from app.db.queries.backfills import BackfillRow, newest_backfill
from app.db.session import Tenant
from app.flows.shop_tenant import shop_tenant
from app.flows.turns import turn
from app.services.confirm_backfill import fail_backfill
from app.services.grant_backfill import grant_backfill
from app.services.reckon_backfill import reckon_backfill

logger = logging.getLogger(__name__)

BATCH = 500
STEPS = {"reckoning": reckon_backfill, "granting": grant_backfill}


def back_fill(parts: Container, shop_id: int, *, budget_s: float) -> bool:
    """Go on with the shop's back-fill for some `budget_s` seconds; return whether to call again.

    After a crash it goes on where the last batch ended. A batch that cannot be done ends the
    back-fill as failed; what was granted until then stays.
    """
    ends = time.monotonic() + budget_s
    tenant = shop_tenant(parts, shop_id)
    with turn(parts.database, f"backfill:{shop_id}") as is_ours:
        if not is_ours:
            return False
        while (row := _open(parts, tenant, shop_id)) is not None:
            if not _step(parts, tenant, shop_id, row) and _open(parts, tenant, shop_id) is None:
                return False
            if time.monotonic() > ends:
                return True
    return False


def _step(parts: Container, tenant: Tenant, shop_id: int, row: BackfillRow) -> bool:
    try:
        with parts.database.tenant(tenant) as session:
            left = STEPS[row.state](
                session,
                backfill_id=row.id,
                limit=BATCH,
                now=utc_now(),
                ledger_key=parts.settings.ledger_key,
            )
            if row.state == "granting" and tenant.program_id is not None:
                parts.jobs.enqueue("push_member_metafields", session, program_id=tenant.program_id)
        return left
    except DBAPIError:
        # The database is away, or others were faster: the sweep comes back to it.
        raise
    except Exception:
        logger.exception("backfill.failed", extra={"fields": {"backfill_id": row.id}})
        with parts.database.tenant(tenant) as session:
            fail_backfill(session, shop_id=shop_id, backfill_id=row.id, now=utc_now())
        return False


def _open(parts: Container, tenant: Tenant, shop_id: int) -> BackfillRow | None:
    with parts.database.tenant(tenant) as session:
        row = newest_backfill(session, shop_id)
    return row if row and row.state in STEPS else None
