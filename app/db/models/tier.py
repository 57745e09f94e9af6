"""A level of a programme, with its entry condition and perks."""

from datetime import datetime

from sqlalchemy import CheckConstraint, UniqueConstraint, false, text
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base, BigId, ProgramId


class Tier(Base):
    """A level: how it is entered, where it stands among the others, and what it gives."""

    __tablename__ = "tier"
    __table_args__ = (
        UniqueConstraint("program_id", "threshold"),
        UniqueConstraint("program_id", "name"),
        UniqueConstraint("program_id", "rank"),
        CheckConstraint("threshold >= 0", name="threshold_not_negative"),
        CheckConstraint("multiplier_bp between 10000 and 100000", name="multiplier_in_range"),
        CheckConstraint(
            "entry in ('threshold', 'invitation', 'tag', 'company')", name="entry_known"
        ),
        CheckConstraint(
            "(entry = 'threshold') = (threshold is not null)", name="threshold_with_entry"
        ),
        CheckConstraint(
            "entry_points >= 0 and yearly_points >= 0 and birthday_points >= 0",
            name="perks_not_negative",
        ),
    )

    id: Mapped[BigId]
    program_id: Mapped[ProgramId]
    rank: Mapped[int]
    """Its place, from low to high; among tiers by threshold it follows the threshold."""
    name: Mapped[str]
    entry: Mapped[str] = mapped_column(server_default="threshold")
    """`threshold`: by the programme's measure; `invitation`: by staff's pin only; `tag`: for
    customers with a tag; `company`: for a company's customers."""
    entry_value: Mapped[str | None]
    """The tag, or the company's number; NULL with `company`: any company."""
    threshold: Mapped[int | None]
    """From which measure on: minor units, points or orders; the lowest has 0."""
    hidden: Mapped[bool] = mapped_column(server_default=false())
    """Not shown to members who do not hold it."""
    multiplier_bp: Mapped[int]
    entry_points: Mapped[int] = mapped_column(server_default=text("0"))
    """Given when a member rises to it."""
    yearly_points: Mapped[int] = mapped_column(server_default=text("0"))
    """Given for every year that it is kept."""
    birthday_points: Mapped[int] = mapped_column(server_default=text("0"))
    perks_since: Mapped[datetime | None]
    """Since when it gives these points; what was due before is not given."""
    free_shipping: Mapped[bool] = mapped_column(server_default=false())
    """A standing perk: every order of its members ships for free."""
    customer_tag: Mapped[str | None]
    """The tag that its members' customers carry at Shopify."""
