"""Takes redemptions back: what Shopify made of one is withdrawn first, then its points return."""

import logging

from app.clock import utc_now
from app.container import Container
from app.db.queries.redemptions import RedemptionRow
from app.db.session import Tenant
from app.domain.errors import RedemptionNotOpen
from app.domain.redemption_times import GIVEN_UP_AFTER, TIDYING_PAUSE_MAX, next_look
from app.domain.ways import WAYS
from app.flows.fulfilment import errand_for, fulfilment_of
from app.services.finish_redemption import finish_redemption
from app.services.put_off_redemption import put_off_redemption
from app.services.release_redemption import ReleaseReason, release_redemption
from app.services.start_release import start_release
from app.services.stop_release import stop_release
from app.shopify.errors import ShopifyError

logger = logging.getLogger(__name__)


def take_back(
    parts: Container,
    tenant: Tenant,
    redemption_id: int,
    *,
    reason: ReleaseReason,
    actor: str,
    budget_s: float,
) -> RedemptionRow:
    """Take a redemption back, whoever asks; as far as it goes.

    Returns it released, or `releasing` while Shopify has not confirmed it: then it cannot be used
    any more, its points are still held, and a job ends it. One that was released already stays as
    it is. Raises RedemptionNotOpen when it was used.
    """
    with parts.database.tenant(tenant) as session:
        row = start_release(
            session, redemption_id=redemption_id, reason=reason, actor=actor, now=utc_now()
        )
    if row.state == "released":
        return row
    row = finish_release(parts, tenant, row, budget_s=budget_s)
    if row.state in ("ready", "used"):
        raise RedemptionNotOpen(redemption_id=row.id, state="used")
    return row


def finish_release(
    parts: Container, tenant: Tenant, releasing: RedemptionRow, *, budget_s: float
) -> RedemptionRow:
    """Return a redemption that is being taken back as it is then.

    Released as soon as Shopify confirms that nothing is left of it; ready again when Shopify says
    that it was used; `releasing` as long as Shopify does not answer. A discount code that nobody
    was ever shown is released after an hour without an answer, and is still looked for at Shopify.
    """
    try:
        withdraw(parts, tenant, releasing, budget_s=budget_s)
    except RedemptionNotOpen:
        return _used_after_all(parts, tenant, releasing)
    except ShopifyError as error:
        logger.warning("Redemption %s is not withdrawn yet: %s", releasing.id, error)
        return _wait(parts, tenant, releasing)
    return release(parts, tenant, releasing.id, reason="undone")


def _used_after_all(parts: Container, tenant: Tenant, releasing: RedemptionRow) -> RedemptionRow:
    """Return it ready again for the order that used it, or used where no order says so."""
    with parts.database.tenant(tenant) as session:
        row = stop_release(session, redemption_id=releasing.id, now=utc_now())
        if row.state != "ready" or WAYS[row.way].used_by == "order":
            return row
        return finish_redemption(
            session,
            redemption_id=row.id,
            now=utc_now(),
            ledger_key=parts.settings.ledger_key,
        )


def look_again(
    parts: Container, tenant: Tenant, released: RedemptionRow, *, budget_s: float
) -> RedemptionRow:
    """Withdraw what Shopify may have made of a redemption that is released already."""
    now = utc_now()
    due_at = None
    try:
        withdraw(parts, tenant, released, budget_s=budget_s)
    except RedemptionNotOpen:
        # It was used all the same: its order takes the points again, or nothing else does.
        logger.warning("Redemption %s was released and used.", released.id)
        if WAYS[released.way].used_by != "order":
            return _take_again(parts, tenant, released)
    except ShopifyError as error:
        logger.warning("Redemption %s may be left at Shopify: %s", released.id, error)
        due_at = next_look(released.released_at or now, now, TIDYING_PAUSE_MAX)
    with parts.database.tenant(tenant) as session:
        return put_off_redemption(session, released.id, seen_as="released", due_at=due_at)


def _take_again(parts: Container, tenant: Tenant, released: RedemptionRow) -> RedemptionRow:
    with parts.database.tenant(tenant) as session:
        return finish_redemption(
            session,
            redemption_id=released.id,
            now=utc_now(),
            ledger_key=parts.settings.ledger_key,
            again=True,
        )


def _wait(parts: Container, tenant: Tenant, releasing: RedemptionRow) -> RedemptionRow:
    now = utc_now()
    unseen = releasing.ready_at is None and WAYS[releasing.way].code == "discount"
    if unseen and releasing.created_at < now - GIVEN_UP_AFTER:
        return release(parts, tenant, releasing.id, reason="unanswered", withdrawn=False)
    due_at = next_look(releasing.releasing_at or now, now)
    with parts.database.tenant(tenant) as session:
        return put_off_redemption(session, releasing.id, seen_as="releasing", due_at=due_at)


def withdraw(
    parts: Container, tenant: Tenant, redemption: RedemptionRow, *, budget_s: float
) -> None:
    """Leave nothing of a redemption at Shopify; a second call finds nothing and is done.

    Raises RedemptionNotOpen when it was used, ShopifyError when it is not known.
    """
    errand = errand_for(parts, tenant, redemption, budget_s=budget_s)
    fulfilment_of(redemption.way).withdraw(errand, budget_s=budget_s)


def release(
    parts: Container,
    tenant: Tenant,
    redemption_id: int,
    *,
    reason: ReleaseReason,
    withdrawn: bool = True,
) -> RedemptionRow:
    """Give the points of a redemption back and let the storefront know."""
    with parts.database.tenant(tenant) as session:
        released = release_redemption(
            session,
            redemption_id=redemption_id,
            reason=reason,
            now=utc_now(),
            ledger_key=parts.settings.ledger_key,
            withdrawn=withdrawn,
        )
    parts.jobs.enqueue_soon("push_member_metafields", program_id=tenant.program_id)
    return released
