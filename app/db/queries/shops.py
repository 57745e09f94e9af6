"""A shop as its pages need to know it, without its tokens."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db.models import Shop


@dataclass(frozen=True, slots=True, kw_only=True)
class ShopRow:
    """A shop's names and plan."""

    id: int
    program_id: int
    domain: str
    name: str
    primary_locale: str
    is_plus: bool
    must_reopen: bool


def get_shop(session: Session, shop_id: int) -> ShopRow:
    """Return the shop of the tenant."""
    row = session.execute(
        select(
            Shop.id,
            Shop.program_id,
            Shop.domain,
            Shop.name,
            Shop.primary_locale,
            Shop.is_plus,
            Shop.must_reopen,
        ).where(Shop.id == shop_id)
    ).one()
    return ShopRow(**row._mapping)


def granted_scopes(session: Session, shop_id: int) -> frozenset[str]:
    """Return the access scopes that the shop's merchant granted."""
    scopes = session.scalar(select(Shop.scopes).where(Shop.id == shop_id)) or ""
    return frozenset(scopes.split(","))
