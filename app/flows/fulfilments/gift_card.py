"""A gift card of the shop, with a code of ours."""

from datetime import timedelta
from zoneinfo import ZoneInfo

from app.domain.errors import RedemptionNotOpen
from app.flows.fulfilment import Errand, Found
from app.shopify.gift_cards import (
    CardOrder,
    FoundCard,
    create_card,
    deactivate_card,
    find_card,
    known_card,
)


class GiftCard:
    """Makes gift cards; a code that Shopify calls TAKEN was made by an earlier attempt."""

    scopes: tuple[str, ...] = ("read_gift_cards", "write_gift_cards")

    def make(self, errand: Errand, *, budget_s: float) -> str | None:
        """Make the card and return its id; see Fulfilment."""
        return create_card(errand.run, _order(errand), budget_s=budget_s)

    def find(self, errand: Errand, *, budget_s: float) -> Found | None:
        """Return the card and whether something of it was spent; see Fulfilment."""
        card = _card(errand, budget_s)
        if card is None or not card.enabled:
            return None
        return Found(gid=card.gid, used=card.used)

    def withdraw(self, errand: Errand, *, budget_s: float) -> None:
        """Deactivate the card; see Fulfilment."""
        card = _card(errand, budget_s)
        if card is not None and card.enabled and not card.used:
            card = deactivate_card(errand.run, card.gid, errand.currency, budget_s=budget_s)
        if card is not None and card.used:
            raise RedemptionNotOpen(redemption_id=errand.redemption.id, state="used")


def _card(errand: Errand, budget_s: float) -> FoundCard | None:
    gid = errand.redemption.discount_gid
    if gid is not None:
        return known_card(errand.run, gid, errand.currency, budget_s=budget_s)
    if not errand.code:
        return None
    return find_card(errand.run, _order(errand), budget_s=budget_s)


def _order(errand: Errand) -> CardOrder:
    held, worth = errand.redemption, errand.worth
    ends_on = None
    if worth.life_days:
        local = held.created_at.astimezone(ZoneInfo(errand.iana_timezone))
        ends_on = (local + timedelta(days=worth.life_days)).date()
    return CardOrder(
        code=errand.code,
        amount_minor=worth.amount_minor,
        currency=errand.currency,
        customer_id=held.customer_id,
        ends_on=ends_on,
        note=f"{errand.program_name}: redemption {held.id}",
    )


FULFILMENT = GiftCard()
