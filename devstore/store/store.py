"""The shop engine: one object through which everything in the shop is reached."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

from devstore.settings import Settings
from devstore.store.access import Access
from devstore.store.app_config import AppConfig, read_app_config
from devstore.store.clock import Clock
from devstore.store.codec import decode, encode
from devstore.store.companies import Companies
from devstore.store.customers import Customers
from devstore.store.database import Database
from devstore.store.discounts import Discounts
from devstore.store.events import Events, Payloads
from devstore.store.gift_cards import GiftCards
from devstore.store.installation import Installation
from devstore.store.metafields import Metafields
from devstore.store.orders import Orders
from devstore.store.products import Products, unit_minor
from devstore.store.purse import Purse
from devstore.store.segments import Segments
from devstore.store.shop import Shop
from devstore.store.store_credit import StoreCredit
from devstore.store.tokens import Tokens


class Store:
    """Everything of one shop; safe to use from many threads and from several processes."""

    def __init__(
        self, database: Database, shop: Shop, config: AppConfig, settings: Settings
    ) -> None:
        self.database = database
        self.shop = shop
        self.config = config
        self.clock = Clock(database)
        self.events = Events(database)
        self.tokens = Tokens(settings.client_id, settings.client_secret, shop.domain)
        self.access = Access(database)
        self.products = Products(shop, database)
        self.customers = Customers(database, self.clock, self.events)
        self.segments = Segments(database, self.clock)
        self.companies = Companies(database, self.clock, self.events)
        self.discounts = Discounts(
            database, self.clock, self.products, shop.currency, self._segments_of
        )
        self.metafields = Metafields(database, self.clock)
        self.gift_cards = GiftCards(database, self.clock, unit_minor(shop.currency))
        self.store_credit = StoreCredit(database, self.clock, unit_minor(shop.currency))
        self.orders = Orders(
            database,
            self.clock,
            self.events,
            shop,
            self.products,
            self.customers,
            self.discounts,
            self.companies,
            Purse(self.gift_cards, self.store_credit),
        )
        self.installation = Installation(
            database, self.events, self.access, shop, config, settings.grant_optional_scopes
        )

    def announce_with(self, payloads: Payloads, wake: Callable[[], None] | None = None) -> None:
        """Say who builds the bodies of webhooks; until then nothing is announced."""
        self.events.use(payloads, wake)

    def update_shop(
        self, *, name: str | None = None, email: str | None = None, plan: str | None = None
    ) -> Shop:
        """Change what may change of a shop and announce shop/update.

        The Admin API tells it at once; vendors of products and the rate limit follow at a restart.
        """
        with self.database.transaction():
            self.shop = replace(
                self.shop,
                name=name or self.shop.name,
                email=email or self.shop.email,
                plan=plan or self.shop.plan,
            )
            self.database.set_setting("shop", encode(self.shop).decode())
            self.events.announce("shop/update", self.shop)
        return self.shop

    def _segments_of(self, customer_id: int | None) -> frozenset[int]:
        customer = None if customer_id is None else self.customers.get(customer_id)
        return frozenset() if customer is None else self.segments.of(customer)

    def close(self) -> None:
        """Close this thread's connection to the file."""
        self.database.close()


def open_store(settings: Settings) -> Store:
    """Open the store in the data folder, making it the first time.

    The shop keeps the domain, currency, time zone and plan it was first made with.
    """
    database = Database(settings.data / "store.sqlite3")
    stored = database.setting("shop")
    if stored is None:
        shop = _new_shop(settings)
        database.set_setting("shop", encode(shop).decode())
    else:
        shop = decode(Shop, stored)
    return Store(database, shop, read_app_config(settings.app_toml), settings)


def _new_shop(settings: Settings) -> Shop:
    return Shop(
        domain=settings.domain,
        name=settings.shop_name,
        currency=settings.currency,
        timezone=settings.timezone,
        plan=settings.plan,
        tax_bp=settings.tax_bp,
        taxes_included=settings.taxes_included,
        created_at=datetime.now(UTC).replace(microsecond=0),
        classic_accounts=settings.classic_accounts,
        login_required=settings.login_required,
    )
