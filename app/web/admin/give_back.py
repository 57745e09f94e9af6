"""Staff give the points of a redemption back."""

from app.container import current_container
from app.db.queries.redemptions import RedemptionRow
from app.flows.redeem import Buyer
from app.flows.undo_redemption import undo_redemption
from app.web.auth import admin_identity


def give_back(redemption: RedemptionRow) -> RedemptionRow:
    """Take what `redemption` made back at Shopify, then give its points back; who asks is staff.

    Raises RedemptionNotOpen where it was used already.
    """
    identity = admin_identity()
    buyer = Buyer(
        shop_id=identity.shop_id,
        program_id=identity.program_id,
        member_id=redemption.member_id,
        customer_id=redemption.customer_id,
    )
    return undo_redemption(
        current_container(),
        buyer,
        redemption.id,
        reason="cancelled",
        actor=f"staff:{identity.user_id}",
    )
