"""The shop itself: what it is called, where it is and what it sells in."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

SHOP_ID = 548380009
INSTALLATION_ID = 481516234
APP_ID = 1230000001


@dataclass(frozen=True)
class Shop:
    """One Shopify store."""

    domain: str
    name: str
    currency: str
    timezone: str
    plan: str
    tax_bp: int
    taxes_included: bool
    created_at: datetime
    id: int = SHOP_ID
    email: str = "owner@example.com"
    country_code: str = "TH"
    locales: tuple[str, ...] = ("en", "th")
    classic_accounts: bool = False
    login_required: bool = False

    @property
    def gid(self) -> str:
        """The shop's global id."""
        return f"gid://shopify/Shop/{self.id}"

    @property
    def installation_gid(self) -> str:
        """The global id of the app's installation, which owns app-data metafields."""
        return f"gid://shopify/AppInstallation/{INSTALLATION_ID}"

    @property
    def zone(self) -> ZoneInfo:
        """The shop's time zone."""
        return ZoneInfo(self.timezone)
