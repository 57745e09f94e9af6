"""What comparisons of rules came to."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select, tuple_
from sqlalchemy.orm import Session

from app.db.models import RuleComparison, RuleComparisonMember, RuleVersion
from app.domain.program_rules import ProgramRules, rules_from_json


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparisonRow:
    """One comparison: how far it has come, and its totals once it is done."""

    id: int
    draft_revision: int
    live_number: int
    draft_rules: ProgramRules
    live_rules: ProgramRules
    since: datetime
    until: datetime
    state: str
    orders_total: int
    orders_done: int
    orders_unknown: int
    live_points: int
    draft_points: int
    members_gaining: int
    members_losing: int
    members_same: int
    reckoned_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparedMember:
    """What the period is worth to one member by both rules."""

    member_id: int
    orders: int
    live_points: int
    draft_points: int
    difference_size: int


def comparison_of_draft(session: Session, draft_id: int) -> ComparisonRow | None:
    """Return the last comparison of a draft, or None when there was none."""
    found = session.scalars(
        select(RuleComparison).where(RuleComparison.draft_id == draft_id)
    ).one_or_none()
    if found is None:
        return None
    return ComparisonRow(
        id=found.id,
        draft_revision=found.draft_revision,
        live_number=found.live_number,
        draft_rules=rules_from_json(found.draft_rules),
        live_rules=rules_from_json(found.live_rules),
        since=found.since,
        until=found.until,
        state=found.state,
        orders_total=found.orders_total,
        orders_done=found.orders_done,
        orders_unknown=found.orders_unknown,
        live_points=found.live_points,
        draft_points=found.draft_points,
        members_gaining=found.members_gaining,
        members_losing=found.members_losing,
        members_same=found.members_same,
        reckoned_at=found.reckoned_at,
    )


def compared_members(
    session: Session,
    comparison_id: int,
    *,
    before: tuple[int, int] | None = None,
    limit: int = 50,
) -> list[ComparedMember]:
    """Return members who gain or lose, the largest difference first.

    `before` is the (difference_size, member_id) of the last one seen.
    """
    order = (RuleComparisonMember.difference_size, RuleComparisonMember.member_id)
    query = (
        select(
            RuleComparisonMember.member_id,
            RuleComparisonMember.orders,
            RuleComparisonMember.live_points,
            RuleComparisonMember.draft_points,
            RuleComparisonMember.difference_size,
        )
        .where(
            RuleComparisonMember.comparison_id == comparison_id,
            RuleComparisonMember.difference_size > 0,
        )
        .order_by(*(column.desc() for column in order))
        .limit(limit)
    )
    if before is not None:
        query = query.where(tuple_(*order) < before)
    return [ComparedMember(**row._mapping) for row in session.execute(query)]


def live_number(session: Session, program_id: int) -> int:
    """Return the number of the rule version that was published last."""
    newest = select(func.max(RuleVersion.number)).where(RuleVersion.program_id == program_id)
    return session.scalar(newest) or 0
