"""Takes a reward back: its code is deleted at Shopify first, then the points return."""

from app.container import Container
from app.db.queries.redemptions import RedemptionRow, get_redemption
from app.domain.errors import RedemptionNotFound, RedemptionNotOpen
from app.flows.redeem import Buyer, release
from app.flows.shop_access import runner, vault_of
from app.services.release_redemption import ReleaseReason
from app.shopify.discounts import delete_code, find_code

BUDGET_S = 3.5


def undo_redemption(
    parts: Container, buyer: Buyer, redemption_id: int, *, reason: ReleaseReason
) -> RedemptionRow:
    """Return the redemption, released; one that was released already stays as it is.

    Raises RedemptionNotFound, RedemptionNotOpen when its code was used, or ShopifyUnavailable when
    the code could not be deleted: then it can still be used, and the points stay spent.
    """
    with parts.database.tenant(buyer.tenant) as session:
        redemption = get_redemption(session, redemption_id, member_id=buyer.member_id)
    if redemption is None:
        raise RedemptionNotFound(redemption_id=redemption_id)
    if redemption.state == "used":
        raise RedemptionNotOpen(redemption_id=redemption.id, state="used")
    if redemption.state == "released":
        return redemption
    withdraw_code(parts, redemption)
    return release(parts, buyer.tenant, redemption.id, reason=reason)


def withdraw_code(parts: Container, redemption: RedemptionRow) -> None:
    """Delete the redemption's code at Shopify; raise RedemptionNotOpen when it was used."""
    if redemption.code is None:
        return
    run = runner(parts, redemption.shop_id)
    found = find_code(run, vault_of(parts).decrypt(redemption.code), budget_s=BUDGET_S)
    if found is None:
        return
    if found.used:
        raise RedemptionNotOpen(redemption_id=redemption.id, state="used")
    delete_code(run, found.gid, budget_s=BUDGET_S)
