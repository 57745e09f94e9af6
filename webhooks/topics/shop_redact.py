"""`shop/redact`: 48 hours after an uninstall, Shopify asks that the shop's data be erased."""

from sqlalchemy.orm import Session

from app.db.models import Shop
from app.services.redact_shop import redact_shop
from webhooks.topic import Call, Event, Outcome, Scope

TOPIC = "shop/redact"

INSTALLED_AGAIN = "installed_again_since"


def translate(event: Event, scope: Scope) -> Outcome:
    """Return a call of redact_shop."""
    return Call(_redact)


def _redact(session: Session, scope: Scope) -> str | None:
    if session.get_one(Shop, scope.shop_id).uninstalled_at is None:
        return INSTALLED_AGAIN
    redact_shop(session, shop_id=scope.shop_id, now=scope.now)
    return None
