"""A discount code at Shopify, for the one customer, used once."""

from app.domain.errors import RedemptionNotOpen
from app.domain.reward import DiscountRequest, discount_of
from app.flows.fulfilment import Errand, Found
from app.shopify.discounts import CodeOrder, create_code, delete_code, find_code


class DiscountCode:
    """Makes codes; a code that Shopify calls TAKEN was made by an earlier attempt."""

    scopes: tuple[str, ...] = ()

    def make(self, errand: Errand, *, budget_s: float) -> str | None:
        """Make the code and return the id of its discount; see Fulfilment."""
        return create_code(errand.run, _order(errand), budget_s=budget_s)

    def find(self, errand: Errand, *, budget_s: float) -> Found | None:
        """Return the code's discount and whether an order used it; see Fulfilment."""
        if not errand.code:
            return None
        found = find_code(errand.run, errand.code, budget_s=budget_s)
        return None if found is None else Found(gid=found.gid, used=found.used)

    def withdraw(self, errand: Errand, *, budget_s: float) -> None:
        """Delete the code; see Fulfilment."""
        gid = errand.redemption.discount_gid
        if not errand.code and gid is not None:
            # The code is forgotten: whose it was is not known here any more.
            delete_code(errand.run, gid, budget_s=budget_s)
            return
        found = self.find(errand, budget_s=budget_s)
        if found is None:
            return
        if found.used:
            raise RedemptionNotOpen(redemption_id=errand.redemption.id, state="used")
        delete_code(errand.run, found.gid, budget_s=budget_s)


def _order(errand: Errand) -> CodeOrder:
    held = errand.redemption
    if not errand.code:
        raise RedemptionNotOpen(redemption_id=held.id, state=held.state)
    offer = held.terms.get("offer", {})
    return CodeOrder(
        code=errand.code,
        title=f"{errand.program_name} {errand.code}",
        customer_id=held.customer_id,
        currency=errand.currency,
        created_at=held.created_at,
        ends_at=held.expires_at,
        discount=_discount(errand),
        product_ids=tuple(offer.get("product_ids", ())),
        collection_ids=tuple(offer.get("collection_ids", ())),
        combines_with=offer.get("combines_with"),
    )


def _discount(errand: Errand) -> DiscountRequest:
    terms = errand.redemption.terms
    return discount_of(terms["type"], terms["config"], errand.redemption.choice)


FULFILMENT = DiscountCode()
