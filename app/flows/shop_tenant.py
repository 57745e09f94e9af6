"""Which tenants there are, for flows that are given one id."""

from sqlalchemy import select

from app.container import Container
from app.db.models import Shop
from app.db.session import Tenant


def shop_tenant(parts: Container, shop_id: int) -> Tenant:
    """Return the tenant of one shop: its own rows and its programme's."""
    with parts.database.sweep() as session:
        program_id = session.scalars(select(Shop.program_id).where(Shop.id == shop_id)).one()
    return Tenant(program_id=program_id, shop_id=shop_id)


def program_tenants(parts: Container, program_id: int) -> list[Tenant]:
    """Return a tenant for each shop of the programme where the app works now."""
    with parts.database.sweep() as session:
        shop_ids = session.scalars(
            select(Shop.id).where(
                Shop.program_id == program_id,
                Shop.uninstalled_at.is_(None),
                Shop.must_reopen.is_(False),
            )
        ).all()
    return [Tenant(program_id=program_id, shop_id=shop_id) for shop_id in shop_ids]
