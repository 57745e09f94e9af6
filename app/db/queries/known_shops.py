"""Shops, found by their domain before their tenant is known."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db.models import Shop


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownShop:
    """A shop that installed the app once, and whether it can be served now."""

    id: int
    program_id: int
    domain: str
    installed: bool
    must_reopen: bool


def find_shop(session: Session, domain: str) -> KnownShop | None:
    """Return the shop of `domain`, or None; the session is one that reads over all shops."""
    row = session.execute(
        select(Shop.id, Shop.program_id, Shop.domain, Shop.uninstalled_at, Shop.must_reopen).where(
            Shop.domain == domain, Shop.redacted_at.is_(None)
        )
    ).one_or_none()
    if row is None:
        return None
    return KnownShop(
        id=row.id,
        program_id=row.program_id,
        domain=row.domain,
        installed=row.uninstalled_at is None,
        must_reopen=row.must_reopen,
    )
