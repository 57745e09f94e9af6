"""Free text about a posting, kept apart so that it can be erased."""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base, TenantProgramId


class PostingNote(Base):
    """Why staff made a posting, in their words (encrypted); erasable, the posting is not."""

    __tablename__ = "posting_note"

    posting_id: Mapped[int] = mapped_column(
        ForeignKey("posting.id", ondelete="RESTRICT"), primary_key=True
    )
    program_id: Mapped[TenantProgramId]
    note: Mapped[bytes]
    created_at: Mapped[datetime]
