"""A Shopify store that installed the app."""

from datetime import datetime

from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base, BigId, ProgramId


class Shop(Base):
    """A Shopify store that installed the app, with its tokens encrypted."""

    __tablename__ = "shop"
    __table_args__ = (
        CheckConstraint(
            "domain ~ '^[a-z0-9][a-z0-9-]*[.]myshopify[.]com$'", name="domain_is_myshopify"
        ),
    )

    id: Mapped[BigId]
    program_id: Mapped[ProgramId] = mapped_column(index=True)
    domain: Mapped[str] = mapped_column(unique=True)
    """The myshopify.com domain; freed (renamed) when the shop is redacted."""
    name: Mapped[str]
    primary_locale: Mapped[str]
    plan_name: Mapped[str]
    is_plus: Mapped[bool]
    shop_gid: Mapped[str]
    installation_gid: Mapped[str]
    """The AppInstallation, owner of app-data metafields."""
    scopes: Mapped[str]
    access_token: Mapped[bytes | None]
    """Encrypted."""
    access_token_expires_at: Mapped[datetime | None]
    refresh_token: Mapped[bytes | None]
    """Encrypted."""
    refresh_token_expires_at: Mapped[datetime | None]
    must_reopen: Mapped[bool]
    """The refresh token is lost: the merchant has to open the app once, effects wait."""
    installed_at: Mapped[datetime]
    uninstalled_at: Mapped[datetime | None]
    reconciled_through: Mapped[datetime | None]
    """Orders changed up to this moment have been compared with the Admin API."""
    redacted_at: Mapped[datetime | None]
