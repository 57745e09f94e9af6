"""What every page of the shop knows: words, prices, the visitor and how the theme looks."""

from dataclasses import dataclass
from urllib.parse import urlencode

from flask import request
from itsdangerous import URLSafeSerializer

from devstore.services import Services
from devstore.storefront.cart_cookie import current_cart
from devstore.storefront.phrases import say
from devstore.storefront.shop_money import price_text
from devstore.storefront.shopper_cookie import Shopper, current_shopper


@dataclass(frozen=True)
class PageContext:
    """One page for one visitor."""

    template: str
    shopper: Shopper
    currency: str
    shop_domain: str
    customer_name: str
    cart_count: int
    path: str
    query: dict[str, str]
    in_frame: bool

    @property
    def locale(self) -> str:
        """Return the language of the page."""
        return self.shopper.locale

    @property
    def look(self) -> str:
        """Return the theme's look: light or dark."""
        return self.shopper.look

    @property
    def corners(self) -> int:
        """Return the theme's corner radius in pixels."""
        return self.shopper.corners

    @property
    def shows_bar(self) -> bool:
        """Tell whether the development bar is on the page; inside the phone preview it is not."""
        return not self.in_frame

    @property
    def other_locale(self) -> str:
        """Return the language that the page can be switched to."""
        return "th" if self.locale == "en" else "en"

    @property
    def other_locale_url(self) -> str:
        """Return this page's address in the other language."""
        return f"{self.path}?{urlencode({**self.query, 'locale': self.other_locale})}"

    @property
    def shopify_global(self) -> dict[str, object]:
        """Return the `Shopify` object that Shopify puts on every page."""
        return {
            "shop": self.shop_domain,
            "locale": self.locale,
            "country": "TH",
            "currency": {"active": self.currency, "rate": "1.0"},
            "routes": {"root": "/"},
            "theme": {"id": 130001, "name": "Baan Cha", "role": "main", "style": self.look},
        }

    def say(self, key: str, **values: object) -> str:
        """Return the words for `key` in the page's language."""
        return say(self.locale, key, **values)

    def price(self, amount_minor: int) -> str:
        """Return minor units as a price."""
        return price_text(amount_minor, self.currency)


def page_context(services: Services, signer: URLSafeSerializer, template: str) -> PageContext:
    """Return the context of a page of `template` for this request."""
    shopper = current_shopper(signer)
    customers = services.store.customers
    customer = customers.get(shopper.customer_id) if shopper.customer_id else None
    return PageContext(
        template=template,
        shopper=shopper,
        currency=services.store.shop.currency,
        shop_domain=services.store.shop.domain,
        customer_name="" if customer is None else customer.first_name or customer.name,
        cart_count=current_cart(signer).item_count,
        path=request.path,
        query={name: value for name, value in request.args.items() if name != "locale"},
        in_frame=request.headers.get("Sec-Fetch-Dest") == "iframe",
    )
