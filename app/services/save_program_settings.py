"""Saves a programme's names and the widget's looks."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db.models import Program


def save_program_settings(
    session: Session,
    *,
    program_id: int,
    name: str,
    points_name: Mapping[str, Any],
    appearance: Mapping[str, Any],
) -> None:
    """Save what shoppers see; a change raises the version that the storefront must learn of."""
    program = session.scalars(
        select(Program).where(Program.id == program_id).with_for_update(key_share=True)
    ).one()
    new = (name, dict(points_name), dict(appearance))
    if new == (program.name, program.points_name, program.appearance):
        return
    program.name, program.points_name, program.appearance = new
    program.widget_version += 1
    session.flush()
