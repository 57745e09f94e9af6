"""What every reward has besides the settings of its type: words, who may have it, when, how often."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, get_args
from urllib.parse import urlsplit

from app.domain.redemption_code import DEFAULT_PREFIX, PREFIX_LENGTH_MAX

DiscountClass = Literal["order", "product", "shipping"]
"""Shopify's classes of discounts, which say what combines with what."""
Words = Mapping[str, Mapping[str, str]]
"""By locale, the merchant's own: {"en": {"name": "A free tea", "detail": "Any tin you like"}}."""

MOST_TIMES = 1_000_000
MOST_DAYS = 3_650
MOST_IDS = 100
"""As many products, variants or collections as Shopify takes in one discount."""
_PREFIX = re.compile(rf"[A-Z0-9]{{1,{PREFIX_LENGTH_MAX}}}")


@dataclass(frozen=True, slots=True, kw_only=True)
class RewardOffer:
    """To whom, when and how often a reward is offered, and how it looks."""

    words: Words = field(default_factory=dict)
    """The merchant's own words; what is missing is said as its type says it."""
    image_url: str | None = None
    member_limit: int | None = None
    """How often one member may have it; None: no limit."""
    member_limit_days: int | None = None
    """Within how many days `member_limit` counts; None: in all."""
    stock: int | None = None
    """How many are left; None: no end. Taken one by one, given back by a release."""
    tier_ids: tuple[int, ...] = ()
    """Only for members in one of these tiers; empty: for all."""
    customer_tags: tuple[str, ...] = ()
    """Only for customers with one of these tags at Shopify; compared without regard to case."""
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    """From when and until when it can be taken; what was taken keeps its own time."""
    code_prefix: str = DEFAULT_PREFIX
    code_days: int | None = None
    """How long its code lives; None: as long as the programme's codes do."""
    combines_with: tuple[DiscountClass, ...] | None = None
    """Which classes of discounts its code combines with; None: as its type has it."""
    product_ids: tuple[int, ...] = ()
    collection_ids: tuple[int, ...] = ()
    """What its code is for; both empty: the whole order."""


def offer_faults(offer: RewardOffer) -> dict[str, str]:
    """Return what is wrong with an offer, by the name of its field."""
    return dict(_faults(offer))


def _faults(offer: RewardOffer) -> Iterator[tuple[str, str]]:
    most = {
        "member_limit": MOST_TIMES,
        "member_limit_days": MOST_DAYS,
        "code_days": MOST_DAYS,
    }
    for name, largest in most.items():
        value = getattr(offer, name)
        if value is not None and value <= 0:
            yield name, "not_positive"
        elif value is not None and value > largest:
            yield name, "too_large"
    if offer.member_limit_days is not None and offer.member_limit is None:
        yield "member_limit", "required"
    if offer.stock is not None and not 0 <= offer.stock <= MOST_TIMES:
        yield "stock", "negative" if offer.stock < 0 else "too_large"
    if offer.starts_at and offer.ends_at and offer.ends_at <= offer.starts_at:
        yield "ends_at", "before_start"
    if not _PREFIX.fullmatch(offer.code_prefix):
        yield "code_prefix", "not_a_prefix"
    if set(offer.combines_with or ()) - set(get_args(DiscountClass)):
        yield "combines_with", "unknown"
    if offer.image_url is not None and not _is_web_address(offer.image_url):
        yield "image_url", "not_an_address"
    if offer.product_ids and offer.collection_ids:
        # Shopify discounts either products or collections.
        yield "collection_ids", "products_or_collections"
    for name in ("product_ids", "collection_ids"):
        if len(getattr(offer, name)) > MOST_IDS:
            yield name, "too_many"


def _is_web_address(text: str) -> bool:
    parts = urlsplit(text)
    return parts.scheme == "https" and bool(parts.hostname)
