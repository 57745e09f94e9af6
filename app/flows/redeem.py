"""Buys a reward: holds the points, has Shopify make the code, then hands it over or gives back."""

import logging
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import func, select

from app.clock import utc_now
from app.container import Container
from app.db.models import Redemption
from app.db.queries.programs import get_program
from app.db.queries.redemptions import RedemptionRow
from app.db.session import Tenant
from app.domain.errors import RedemptionNotOpen
from app.domain.reward import reward_type
from app.flows.shop_access import runner, usable_access, vault_of
from app.services.hold_points import hold_points
from app.services.mark_redemption_ready import mark_redemption_ready
from app.services.note_asked_again import note_asked_again
from app.services.open_redemption import read_redemption
from app.services.release_redemption import ReleaseReason, release_redemption
from app.shopify.discounts import CodeOrder, create_code, delete_code, find_code, new_code
from app.shopify.errors import AccessDenied, ShopifyError, ShopifyRefused

logger = logging.getLogger(__name__)

SHOPPER_BUDGET_S = 3.5
"""How long a shopper is kept waiting for Shopify before being told that the reward is on its way."""
REDEMPTIONS_A_MINUTE_MAX = 10


class TooManyRedemptions(Exception):
    """The member takes rewards faster than a person can."""


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


def redeem_reward(
    parts: Container, buyer: Buyer, *, reward_id: int, key: str, surface: str
) -> RedemptionRow:
    """Return the redemption: ready with its code, held while its fate is unknown, or released.

    The same key gives the same redemption again, and takes no more points. Raises
    NotEnoughPoints, RewardUnavailable, IdempotencyConflict, TooManyRedemptions, or ShopifyError
    when the shop's tokens are lost; then nothing was taken.
    """
    # Where Shopify cannot be asked at all, nothing is taken in the first place.
    usable_access(parts, buyer.shop_id, hurried=True)
    held = _hold(parts, buyer, reward_id, key, surface)
    if held.state != "held":
        return held
    redemption = obtain(parts, buyer.tenant, held, budget_s=SHOPPER_BUDGET_S)
    if redemption.state in ("held", "releasing"):
        parts.jobs.enqueue("settle_held_redemptions", shop_id=buyer.shop_id)
    return redemption


def obtain(
    parts: Container, tenant: Tenant, held: RedemptionRow, *, budget_s: float
) -> RedemptionRow:
    """Have the code of a held redemption made, and return the redemption as it is then.

    Asking again is safe: the code is the redemption's own, so Shopify makes it once. A definite
    refusal gives the points back; when Shopify's answer is not known the redemption stays held,
    and `settle_held_redemptions` ends it.
    """
    run = runner(parts, held.shop_id)
    try:
        gid = create_code(run, _code_order(parts, tenant, held), budget_s=budget_s)
    except (ShopifyRefused, AccessDenied) as refusal:
        logger.warning("Redemption %s refused: %s", held.id, refusal)
        return release(parts, tenant, held.id, reason="refused")
    except ShopifyError as error:
        logger.warning("Redemption %s stays held: %s", held.id, error)
        return held
    return _hand_over(parts, tenant, held, gid)


def withdraw(
    parts: Container, tenant: Tenant, redemption: RedemptionRow, *, budget_s: float
) -> None:
    """Leave nothing of a redemption at Shopify; a second call finds nothing and is done.

    Raises RedemptionNotOpen when it was used, ShopifyError when it is not known.
    """
    run = runner(parts, redemption.shop_id)
    if redemption.code is not None:
        found = find_code(run, vault_of(parts).decrypt(redemption.code), budget_s=budget_s)
        if found is None:
            return
        if found.used:
            raise RedemptionNotOpen(redemption_id=redemption.id, state="used")
        delete_code(run, found.gid, budget_s=budget_s)
    elif redemption.discount_gid is not None:
        delete_code(run, redemption.discount_gid, budget_s=budget_s)


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
        parts.jobs.enqueue("push_member_metafields", session=session, program_id=tenant.program_id)
    return released


def _hold(parts: Container, buyer: Buyer, reward_id: int, key: str, surface: str) -> RedemptionRow:
    vault, now = vault_of(parts), utc_now()
    code = new_code()
    with parts.database.tenant(buyer.tenant) as session:
        taken = session.scalar(
            select(func.count())
            .select_from(Redemption)
            .where(
                Redemption.member_id == buyer.member_id,
                Redemption.created_at > utc_now() - timedelta(minutes=1),
            )
        )
        if (taken or 0) >= REDEMPTIONS_A_MINUTE_MAX:
            raise TooManyRedemptions
        held = hold_points(
            session,
            program_id=buyer.program_id,
            shop_id=buyer.shop_id,
            member_id=buyer.member_id,
            reward_id=reward_id,
            idempotency_key=key,
            customer_id=buyer.customer_id,
            surface=surface,
            code=vault.encrypt(code),
            code_hash=vault.code_hash(code),
            now=now,
            ledger_key=parts.settings.ledger_key,
        )
        if held.state == "held" and held.created_at != now:
            # The same ask again: whoever takes the redemption back has to know of it.
            note_asked_again(session, held.id, now=now)
        parts.jobs.enqueue("push_member_metafields", session=session, program_id=buyer.program_id)
    return held


def _hand_over(parts: Container, tenant: Tenant, held: RedemptionRow, gid: str) -> RedemptionRow:
    try:
        with parts.database.tenant(tenant) as session:
            return mark_redemption_ready(
                session, redemption_id=held.id, discount_gid=gid, now=utc_now()
            )
    except RedemptionNotOpen:
        # It is being taken back: nobody may use it, and a job looks whether any is left.
        return _withdraw_at_once(parts, tenant, held)


def _withdraw_at_once(parts: Container, tenant: Tenant, held: RedemptionRow) -> RedemptionRow:
    """Withdraw what was made for a redemption that was taken back meanwhile, as far as it goes."""
    try:
        withdraw(parts, tenant, held, budget_s=SHOPPER_BUDGET_S)
    except (ShopifyError, RedemptionNotOpen) as error:
        logger.warning("Redemption %s is left to a job: %s", held.id, error)
    with parts.database.tenant(tenant) as session:
        return read_redemption(session, held.id)


def _code_order(parts: Container, tenant: Tenant, held: RedemptionRow) -> CodeOrder:
    if held.code is None or tenant.program_id is None:
        raise RedemptionNotOpen(redemption_id=held.id, state=held.state)
    with parts.database.tenant(tenant) as session:
        program = get_program(session, tenant.program_id)
    code = vault_of(parts).decrypt(held.code)
    return CodeOrder(
        code=code,
        title=f"{program.name} {code}",
        customer_id=held.customer_id,
        currency=program.currency,
        created_at=held.created_at,
        ends_at=held.expires_at,
        discount=reward_type(held.terms["type"]).discount(held.terms["config"]),
    )
