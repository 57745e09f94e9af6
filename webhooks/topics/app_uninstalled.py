"""`app/uninstalled`: the merchant removed the app; everything is kept and paused."""

from datetime import datetime
from functools import partial

from sqlalchemy.orm import Session

from app.services.uninstall_shop import uninstall_shop
from webhooks.topic import Call, Event, Outcome, Scope

TOPIC = "app/uninstalled"

INSTALLED_AGAIN = "installed_again_since"


def translate(event: Event, scope: Scope) -> Outcome:
    """Return a call of uninstall_shop."""
    return Call(partial(_uninstall, event.triggered_at))


def _uninstall(triggered_at: datetime, session: Session, scope: Scope) -> str | None:
    done = uninstall_shop(session, shop_id=scope.shop_id, triggered_at=triggered_at)
    return None if done else INSTALLED_AGAIN
