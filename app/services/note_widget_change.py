"""Marks what the storefront shows of a programme as changed."""

from sqlalchemy import update
from sqlalchemy.orm import Session

from app.db.models import Program


def note_widget_change(session: Session, *, program_id: int) -> None:
    """Raise the version that the storefront must learn of: rules, tiers or rewards changed.

    Those who are not signed in read of them before they join. The push is found and repeated by a
    sweep until Shopify has the version.
    """
    session.execute(
        update(Program)
        .where(Program.id == program_id)
        .values(widget_version=Program.widget_version + 1)
    )
