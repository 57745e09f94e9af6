"""Gives a comparison of rules up."""

from sqlalchemy import update
from sqlalchemy.orm import Session

from app.db.models import RuleComparison


def fail_rule_comparison(session: Session, *, comparison_id: int) -> None:
    """Note that the comparison cannot be done; whoever looks at it may ask for another."""
    session.execute(
        update(RuleComparison)
        .where(RuleComparison.id == comparison_id, RuleComparison.state == "running")
        .values(state="failed")
    )
