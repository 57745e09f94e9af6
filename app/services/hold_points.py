"""Holds the points of a reward: the first phase of a redemption."""

from dataclasses import fields
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from app.db.accounts import save_accounts
from app.db.allocations import remember, save_allocations
from app.db.bulk import Row, insert_rows, without_waiting
from app.db.ids import allocate_ids
from app.db.models import Redemption
from app.db.queries.redemptions import RedemptionRow
from app.db.queries.rewards import ask_reward, reward_of
from app.db.rulebook import newest_rules_of
from app.db.wire import Answer, one_trip
from app.domain.errors import IdempotencyConflict, RewardUnavailable
from app.domain.ledger import Cause
from app.domain.redemption_times import SETTLED_AFTER
from app.services.open_account import ask_account
from app.services.open_redemption import read_redemption

MADE_BEFORE = """
    select id, reward_id from redemption
    where member_id = $1::bigint and idempotency_key = $2::text
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
    code: bytes,
    code_hash: bytes,
    now: datetime,
    ledger_key: bytes,
) -> RedemptionRow:
    """Hold what the reward costs and return the redemption, its code encrypted.

    The same key again returns the redemption made the first time, whatever became of it; for
    another reward it raises IdempotencyConflict. Raises NotEnoughPoints and RewardUnavailable.
    """
    with one_trip(session) as trip:
        asked = ask_account(trip, member_id)
        made_before = trip.ask(MADE_BEFORE, (member_id, idempotency_key))
        rewards = ask_reward(trip, program_id, reward_id)
        [redemption_id] = allocate_ids(session, Redemption, 1)
    loaded = asked.open(now)
    known = _known(made_before, member_id, reward_id)
    if known is not None:
        return read_redemption(session, known)
    reward = reward_of(rewards)
    if reward is None or not reward.active or loaded.closed_at is not None:
        raise RewardUnavailable(reward_id=reward_id)
    cause = Cause(source=f"redemption:{redemption_id}:hold", at=now, redemption_id=redemption_id)
    taken = loaded.account.spend("hold", "held", reward.points, cause)
    loaded.last_active_at = max(loaded.last_active_at, now)
    row: Row = {
        "id": redemption_id,
        "program_id": program_id,
        "shop_id": shop_id,
        "member_id": member_id,
        "reward_id": reward_id,
        "customer_id": customer_id,
        "idempotency_key": idempotency_key,
        "terms": {"type": reward.type, "points": reward.points, "config": reward.config},
        "points": reward.points,
        "returned": 0,
        "state": "held",
        "surface": surface,
        "code": code,
        "code_hash": code_hash,
        "created_at": now,
        "due_at": now + SETTLED_AFTER,
        "expires_at": now + timedelta(days=newest_rules_of(asked.terms, program_id).code_days),
    }
    allocations = remember(session, taken)
    with without_waiting(session):
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
            allocations,
            program_id=program_id,
            member_id=member_id,
            redemption_id=redemption_id,
        )
    as_it_stands: Row = {each.name: row.get(each.name) for each in fields(RedemptionRow)}
    return RedemptionRow(**as_it_stands)


def _known(made_before: Answer, member_id: int, reward_id: int) -> int | None:
    """Return the redemption made with this key; raise IdempotencyConflict for another reward's."""
    if not made_before.rows:
        return None
    [(redemption_id, its_reward_id)] = made_before.rows
    if its_reward_id != reward_id:
        raise IdempotencyConflict(member_id=member_id, redemption_id=redemption_id)
    known: int = redemption_id
    return known
