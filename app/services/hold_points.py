"""Holds the points of a reward: the first phase of a redemption."""

from collections.abc import Callable, Mapping
from dataclasses import fields
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from app.db.accounts import save_accounts
from app.db.allocations import save_allocations
from app.db.bulk import Row, insert_rows
from app.db.ids import ask_ids, ids_of
from app.db.models import Redemption
from app.db.queries.redemptions import RedemptionRow
from app.db.queries.rewards import RewardRow, ask_reward_and_taken, reward_and_taken_of
from app.db.rulebook import newest_rules_of
from app.db.wire import Answer, one_trip, unanswered
from app.domain.eligibility import Claimant
from app.domain.errors import IdempotencyConflict, RewardUnavailable, TooManyRedemptions
from app.domain.ledger import Cause
from app.domain.redeeming import remember
from app.domain.redemption_code import new_code
from app.domain.redemption_times import SETTLED_AFTER
from app.domain.reward import reward_type
from app.domain.reward_choice import NOTHING
from app.domain.ways import WAYS
from app.services.credit_terms import credit_terms
from app.services.open_account import ask_account
from app.services.open_redemption import read_redemption
from app.services.reward_stock import take_one
from app.services.reward_terms import days_open, reward_obstacles, terms_of

A_MINUTE = timedelta(minutes=1)
_SEEN = tuple(each.name for each in fields(RedemptionRow))
MADE_BEFORE = """
    select id, reward_id, choice from redemption
    where member_id = $1::bigint and idempotency_key = $2::text
"""
NTH_NEWEST = """
    select created_at from redemption where member_id = $1::bigint
    order by id desc offset $2::bigint limit 1
"""


def hold_points(
    session: Session,
    *,
    program_id: int,
    shop_id: int,
    member_id: int,
    reward_id: int,
    idempotency_key: str,
    customer_id: int,
    surface: str,
    seal: Callable[[str], tuple[bytes, bytes]],
    now: datetime,
    ledger_key: bytes,
    choice: Mapping[str, Any] = NOTHING,
    customer_tags: frozenset[str] | None = None,
    subtotal_minor: int | None = None,
    a_minute_max: int | None = None,
) -> RedemptionRow:
    """Hold what the shopper's choice of the reward costs and return the redemption.

    `seal` returns its new code as it is kept: encrypted, and hashed. The customer's tags count
    where the reward asks for some (None: has none), the cart's subtotal where it asks for one
    (None: not known, so Shopify sees to it).

    The same key again returns the redemption made the first time, whatever became of it; for
    another reward or choice it raises IdempotencyConflict. Raises NotEnoughPoints, InvalidChoice,
    RewardUnavailable with what stands in the way, and for who could have it TooManyRedemptions
    when the member took `a_minute_max` rewards within a minute.
    """
    with one_trip(session) as trip:
        asked = ask_account(trip, member_id)
        made_before = trip.ask(MADE_BEFORE, (member_id, idempotency_key))
        rewards = ask_reward_and_taken(trip, program_id, reward_id, member_id)
        newest = trip.ask(NTH_NEWEST, (member_id, a_minute_max - 1)) if a_minute_max else None
        redemption_ids = ask_ids(trip, Redemption, 1)
    loaded = asked.open(now)
    known = _known(made_before, member_id, reward_id, choice)
    if known is not None:
        return read_redemption(session, known)
    found = reward_and_taken_of(rewards)
    if found is None:
        raise RewardUnavailable(reward_id=reward_id)
    reward, taken_at = found
    purchase = reward_type(reward.type).purchase(reward.config, reward.points, choice)
    claimant = Claimant(
        available=loaded.account.available,
        tier_id=loaded.tier_id,
        customer_tags=customer_tags,
        taken_at=taken_at,
        subtotal_minor=subtotal_minor,
        is_open=loaded.closed_at is None,
    )
    _refuse_obstacles(reward, claimant, purchase.points, now)
    take_one(session, reward)
    way = WAYS[reward_type(reward.type).way]
    code, code_hash = seal(new_code(way, reward.offer.code_prefix))
    days = days_open(reward, newest_rules_of(asked.terms, program_id).code_days)
    [redemption_id] = ids_of(redemption_ids)
    cause = Cause(source=f"redemption:{redemption_id}:hold", at=now, redemption_id=redemption_id)
    taken = loaded.account.spend("hold", "held", purchase.points, cause)
    if newest is not None and any(at > now - A_MINUTE for (at,) in newest.rows):
        raise TooManyRedemptions(member_id=member_id)
    loaded.last_active_at = max(loaded.last_active_at, now)
    row: Row = {
        "id": redemption_id,
        "program_id": program_id,
        "shop_id": shop_id,
        "member_id": member_id,
        "reward_id": reward_id,
        "customer_id": customer_id,
        "idempotency_key": idempotency_key,
        "terms": terms_of(reward) | credit_terms(session, reward, member_id, now),
        "way": way.name,
        "choice": dict(purchase.choice),
        "points": purchase.points,
        "returned": 0,
        "state": "held",
        "surface": surface,
        "code": code,
        "code_hash": code_hash,
        "created_at": now,
        "due_at": now + SETTLED_AFTER,
        "expires_at": now + timedelta(days=days),
    }
    with unanswered(session):
        insert_rows(session, Redemption, [row])
        save_accounts(
            session,
            [loaded],
            program_id=program_id,
            now=now,
            ledger_key=ledger_key,
            actor="shopper",
        )
        save_allocations(
            session,
            remember(taken),
            program_id=program_id,
            member_id=member_id,
            redemption_id=redemption_id,
        )
    seen: Row = {name: row.get(name) for name in _SEEN}
    return RedemptionRow(**seen)


def _refuse_obstacles(reward: RewardRow, claimant: Claimant, points: int, now: datetime) -> None:
    """Raise RewardUnavailable; that points are missing is left to the account, which knows best."""
    found = reward_obstacles(reward, claimant, points=points, now=now)
    if any(each.code != "not_enough_points" for each in found):
        raise RewardUnavailable(reward_id=reward.id, obstacles=found)


def _known(
    made_before: Answer, member_id: int, reward_id: int, choice: Mapping[str, Any]
) -> int | None:
    """Return the redemption made with this key; raise IdempotencyConflict for something else."""
    if not made_before.rows:
        return None
    [(redemption_id, its_reward_id, its_choice)] = made_before.rows
    if its_reward_id != reward_id or not choice.items() <= its_choice.items():
        raise IdempotencyConflict(member_id=member_id, redemption_id=redemption_id)
    known: int = redemption_id
    return known
