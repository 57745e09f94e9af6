"""Whether the app is installed and what it may do."""

from dataclasses import dataclass
from datetime import UTC, datetime

from devstore.store.access import Access
from devstore.store.app_config import AppConfig
from devstore.store.database import Database
from devstore.store.events import Events
from devstore.store.shop import Shop


@dataclass(frozen=True)
class ScopesEvent:
    """What app/scopes_update announces."""

    previous: tuple[str, ...]
    current: tuple[str, ...]


class Installation:
    """The app in this shop; Shopify installs it when it is first opened."""

    def __init__(
        self,
        database: Database,
        events: Events,
        access: Access,
        shop: Shop,
        config: AppConfig,
        grant_optional: bool,
    ) -> None:
        self._database = database
        self._events = events
        self._access = access
        self._shop = shop
        self._config = config
        self._grant_optional = grant_optional

    @property
    def installed(self) -> bool:
        """Whether the app is installed now."""
        return self._database.setting("installed_at") is not None

    @property
    def scopes(self) -> tuple[str, ...]:
        """The scopes granted: those declared, and the optional ones if they were granted."""
        optional = self._config.optional_scopes if self._optional_granted else ()
        return (*self._config.scopes, *optional)

    def install(self) -> None:
        """Install the app; again changes nothing."""
        if not self.installed:
            self._database.set_setting("installed_at", datetime.now(UTC).isoformat())

    def uninstall(self) -> None:
        """Announce app/uninstalled, then forget tokens and subscriptions."""
        with self._database.transaction() as connection:
            self._events.announce("app/uninstalled", self._shop)
            connection.execute("DELETE FROM setting WHERE name = 'installed_at'")
            self._access.revoke_all()

    def redact_shop(self) -> None:
        """Send shop/redact, which Shopify does 48 hours after an uninstall."""
        with self._database.transaction():
            self._events.announce("shop/redact", self._shop)

    def grant_optional(self, granted: bool) -> None:
        """Grant or take away the optional scopes and announce app/scopes_update."""
        with self._database.transaction():
            previous = self.scopes
            self._database.set_setting("optional_scopes", "1" if granted else "0")
            self._access.set_scopes(self.scopes)
            self._events.announce("app/scopes_update", ScopesEvent(previous, self.scopes))

    @property
    def _optional_granted(self) -> bool:
        stored = self._database.setting("optional_scopes")
        return self._grant_optional if stored is None else stored == "1"
