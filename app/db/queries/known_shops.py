"""Shops, found by their domain before their tenant is known."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db.models import Shop
from app.db.wire import Answer, Trip


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


_SERVED = """
    select 1 from shop
    where id = $1::bigint and program_id = $2::bigint and domain = $3::text
        and redacted_at is null and uninstalled_at is null
"""


def ask_served(trip: Trip, shop_id: int, program_id: int, domain: str) -> Answer:
    """Ask whether a shop is still that of `domain`, and is served: one row, or none."""
    return trip.ask(_SERVED, (shop_id, program_id, domain))
