"""Takes a reward back for the shopper or for staff."""

from app.container import Container
from app.db.queries.redemptions import RedemptionRow, get_redemption
from app.domain.errors import RedemptionNotFound
from app.flows.redeem import Buyer
from app.flows.take_back import take_back
from app.services.release_redemption import ReleaseReason

BUDGET_S = 3.5


def undo_redemption(
    parts: Container,
    buyer: Buyer,
    redemption_id: int,
    *,
    reason: ReleaseReason,
    actor: str = "shopper",
) -> RedemptionRow:
    """Return the redemption: released, or `releasing` while Shopify has not confirmed it.

    Then it cannot be used any more, its points are still held, and a job ends it. One that was
    released already stays as it is. Raises RedemptionNotFound, or RedemptionNotOpen when it was
    used.
    """
    with parts.database.tenant(buyer.tenant) as session:
        if get_redemption(session, redemption_id, member_id=buyer.member_id) is None:
            raise RedemptionNotFound(redemption_id=redemption_id)
    return take_back(
        parts, buyer.tenant, redemption_id, reason=reason, actor=actor, budget_s=BUDGET_S
    )
