"""Whether a reward can be taken at a moment, as the merchant's list says it."""

from datetime import datetime
from typing import Literal

from app.domain.reward_offer import RewardOffer

OfferState = Literal["not_offered", "planned", "running", "sold_out", "ended"]


def offer_state(offer: RewardOffer, *, offered: bool, now: datetime) -> OfferState:
    """Return the state of an offer: what its merchant decided comes before what time and stock do."""
    if not offered:
        return "not_offered"
    if offer.ends_at is not None and offer.ends_at <= now:
        return "ended"
    if offer.starts_at is not None and now < offer.starts_at:
        return "planned"
    return "sold_out" if offer.stock == 0 else "running"
