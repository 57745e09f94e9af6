"""Buys a reward: holds the points, has Shopify make the code, then hands it over or gives back."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from app.clock import utc_now
from app.container import Container
from app.db.queries.redemptions import RedemptionRow, redemption_of
from app.db.session import Tenant
from app.db.wire import unanswered
from app.domain.errors import RedemptionNotOpen, RewardUnavailable
from app.domain.reward_choice import NOTHING
from app.flows.customer_tags import customer_tags
from app.flows.fulfilment import Place, ask_place, errand_for, fulfilment_of, way_of
from app.flows.shop_access import usable_access, vault_of
from app.flows.take_back import release, take_back, withdraw
from app.services.finish_redemption import finish_redemption
from app.services.hold_points import hold_points
from app.services.mark_redemption_ready import ask_ready, mark_redemption_ready
from app.services.note_asked_again import note_asked_again
from app.services.open_redemption import read_redemption
from app.shopify.client import ShopAccess
from app.shopify.errors import AccessDenied, ShopifyError, ShopifyRefused

logger = logging.getLogger(__name__)

SHOPPER_BUDGET_S = 3.5
"""How long a shopper is kept waiting for Shopify before being told that the reward is on its way."""
REDEMPTIONS_A_MINUTE_MAX = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Buyer:
    """Whose points pay, and the Shopify customer whom the code is for."""

    shop_id: int
    program_id: int
    member_id: int
    customer_id: int

    @property
    def tenant(self) -> Tenant:
        """Whose rows the buyer's transactions may see."""
        return Tenant(program_id=self.program_id, shop_id=self.shop_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """What a member asks for, once: asking again with the same key asks for the same."""

    reward_id: int
    key: str
    surface: str
    choice: Mapping[str, Any] = field(default_factory=dict)
    """What was picked: {}, {"points": 300} of a slider, or {"variant_id": 42}."""
    subtotal_minor: int | None = None
    """What is in the cart, where that is known; see app.domain.eligibility."""


def redeem_reward(
    parts: Container,
    buyer: Buyer,
    *,
    reward_id: int,
    key: str,
    surface: str,
    choice: Mapping[str, Any] = NOTHING,
    subtotal_minor: int | None = None,
) -> RedemptionRow:
    """Return the redemption: ready with its code, held while its fate is unknown, or released.

    The same key gives the same redemption again, and takes no more points. Raises
    NotEnoughPoints, RewardUnavailable, InvalidChoice, IdempotencyConflict, TooManyRedemptions, or
    ShopifyError when the shop's tokens are lost; then nothing was taken.
    """
    ask = Ask(
        reward_id=reward_id,
        key=key,
        surface=surface,
        choice=choice,
        subtotal_minor=subtotal_minor,
    )
    held = _hold(parts, buyer, ask)
    if held.redemption.state != "held":
        return held.redemption
    redemption = obtain(
        parts,
        buyer.tenant,
        held.redemption,
        first=held.first,
        budget_s=SHOPPER_BUDGET_S,
        place=held.place,
    )
    if redemption.state in ("held", "releasing"):
        parts.jobs.enqueue("settle_held_redemptions", shop_id=buyer.shop_id)
    return redemption


def obtain(
    parts: Container,
    tenant: Tenant,
    held: RedemptionRow,
    *,
    first: bool,
    budget_s: float,
    place: Place | None = None,
) -> RedemptionRow:
    """Have made what a held redemption buys, and return the redemption as it is then.

    Asking again is safe: every way makes it once for a redemption. A definite refusal gives the
    points back, where it was not the `first` ask once Shopify confirms that nothing was made
    before; when Shopify's answer is not known the redemption stays held, and
    `settle_held_redemptions` ends it.
    """
    errand = errand_for(parts, tenant, held, budget_s=budget_s, place=place)
    try:
        gid = fulfilment_of(held.way).make(errand, budget_s=budget_s)
    except (ShopifyRefused, AccessDenied) as refusal:
        logger.warning("Redemption %s refused: %s", held.id, refusal)
        if first:
            return release(parts, tenant, held.id, reason="refused")
        return take_back(
            parts, tenant, held.id, reason="refused", actor="system", budget_s=budget_s
        )
    except ShopifyError as error:
        logger.warning("Redemption %s stays held: %s", held.id, error)
        return held
    return _hand_over(parts, tenant, held, gid)


class _TokenEnds(Exception):
    """The shop's token has to be refreshed before Shopify is asked; nothing was taken."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Held:
    redemption: RedemptionRow
    first: bool
    """Whether it was asked for the first time."""
    place: Place


def _hold(parts: Container, buyer: Buyer, ask: Ask) -> _Held:
    """Hold the points, where Shopify can be asked for what they buy."""
    try:
        return _hold_knowing_tags(parts, buyer, ask, None)
    except _TokenEnds:
        access = usable_access(parts, buyer.shop_id, hurried=True)
    return _hold_knowing_tags(parts, buyer, ask, access)


def _hold_knowing_tags(
    parts: Container, buyer: Buyer, ask: Ask, access: ShopAccess | None
) -> _Held:
    """Hold the points; the customer's tags are asked for only where the reward wants some."""
    try:
        return _hold_for(parts, buyer, ask, access, None)
    except RewardUnavailable as refusal:
        if all(each.code != "not_for_you" for each in refusal.obstacles):
            raise
    tags = customer_tags(parts, buyer.shop_id, buyer.customer_id, budget_s=SHOPPER_BUDGET_S)
    return _hold_for(parts, buyer, ask, access, tags)


def _hold_for(
    parts: Container,
    buyer: Buyer,
    ask: Ask,
    access: ShopAccess | None,
    tags: frozenset[str] | None,
) -> _Held:
    now = utc_now()
    with parts.database.tenant(buyer.tenant) as session:
        with unanswered(session) as trip:
            asked = ask_place(trip, buyer.tenant)
        held = hold_points(
            session,
            program_id=buyer.program_id,
            shop_id=buyer.shop_id,
            member_id=buyer.member_id,
            reward_id=ask.reward_id,
            idempotency_key=ask.key,
            customer_id=buyer.customer_id,
            surface=ask.surface,
            seal=vault_of(parts).seal,
            choice=ask.choice,
            customer_tags=tags,
            subtotal_minor=ask.subtotal_minor,
            now=now,
            ledger_key=parts.settings.ledger_key,
            a_minute_max=REDEMPTIONS_A_MINUTE_MAX,
        )
        first = held.created_at == now
        if held.state == "held" and not first:
            # The same ask again: whoever takes the redemption back has to know of it.
            note_asked_again(session, held.id, now=now)
        # Where Shopify cannot be asked at all, nothing is taken: this ends the transaction.
        place = asked.read(parts, hurried=True)
        if place.access is None and access is None:
            raise _TokenEnds
    if first:
        parts.jobs.enqueue_soon("push_member_metafields", program_id=buyer.program_id)
    return _Held(
        redemption=held,
        first=first,
        place=Place(program=place.program, access=place.access or access),
    )


def _hand_over(
    parts: Container, tenant: Tenant, held: RedemptionRow, gid: str | None
) -> RedemptionRow:
    made_ready = _make_ready(parts, tenant, held, gid)
    if made_ready is not None:
        return made_ready
    try:
        with parts.database.tenant(tenant) as session:
            ready = mark_redemption_ready(
                session, redemption_id=held.id, discount_gid=gid, now=utc_now()
            )
            if way_of(held).used_by != "making":
                return ready
            return finish_redemption(
                session,
                redemption_id=held.id,
                now=utc_now(),
                ledger_key=parts.settings.ledger_key,
                actor="shopper",
            )
    except RedemptionNotOpen:
        # It is being taken back: nobody may use it, and a job looks whether any is left.
        return _withdraw_at_once(parts, tenant, held)


def _make_ready(
    parts: Container, tenant: Tenant, held: RedemptionRow, gid: str | None
) -> RedemptionRow | None:
    """Return it ready, after one round trip; None where there is more to it."""
    if way_of(held).used_by == "making":
        return None
    with parts.database.ask(tenant) as trip:
        made = ask_ready(trip, redemption_id=held.id, discount_gid=gid, now=utc_now())
    return redemption_of(made)


def _withdraw_at_once(parts: Container, tenant: Tenant, held: RedemptionRow) -> RedemptionRow:
    """Withdraw what was made for a redemption that was taken back meanwhile, as far as it goes."""
    try:
        withdraw(parts, tenant, held, budget_s=SHOPPER_BUDGET_S)
    except (ShopifyError, RedemptionNotOpen) as error:
        logger.warning("Redemption %s is left to a job: %s", held.id, error)
    with parts.database.tenant(tenant) as session:
        return read_redemption(session, held.id)
