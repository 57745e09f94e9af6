"""The real theme app extension renders here as it does at Shopify: no errors, the right words."""

import json
import re
from html import unescape

import pytest

from devstore.storefront.liquid_objects import global_objects
from devstore.storefront.shopper_cookie import Shopper
from devstore.storefront.theme_extension import ThemeExtension
from tests.devstore.storefront.shop import ROOT

WIDGET = ROOT / "extensions" / "points-widget"
SETTINGS = {
    "colour": "#1f5f4a",
    "on_colour": "#ffffff",
    "corner": "right",
    "icon": "🌸",
    "points_name": {
        "en": {"one": "petal", "other": "petals"},
        "th": {"one": "กลีบ", "other": "กลีบ"},
    },
    "program_name": "Petals & Club",
    "signed_out": {
        language: {"headline": "Join </script>", "sub": "", "steps": ["", "", ""]}
        for language in ("en", "th")
    },
}
EMPTY_CART = {"items": [], "item_count": 0, "total_price": 0}


def rendered(shop, shopper, cart=EMPTY_CART):
    objects = global_objects(
        shop.services,
        shopper,
        template="index",
        origin="http://127.0.0.1",
        path="/",
        cart=cart,
        product=None,
    )
    extension = ThemeExtension(WIDGET, "/assets")
    return extension.render_page("index", objects, embed_enabled=True, overrides={}).body_end


def config(html):
    return json.loads(re.search(r'application/json">(.*?)</script>', html, re.DOTALL)[1])


@pytest.fixture(autouse=True)
def _settings(shop):
    shop.configure_widget(SETTINGS)


@pytest.mark.parametrize("locale", ["en", "th"])
@pytest.mark.parametrize("signed_in", [True, False])
def test_it_renders_without_an_error_and_says_everything(shop, locale, signed_in):
    mali = shop.customer(first_name="Mali </script>")
    shop.give_points(mali, 1240)

    html = rendered(shop, Shopper(mali.id if signed_in else None, locale))

    assert "Liquid error" not in html
    assert "translation missing" not in html
    assert config(html)["signed_in"] is signed_in
    assert config(html)["locale"] == locale


def test_the_balance_stands_on_the_launcher_before_anything_is_fetched(shop):
    mali = shop.customer()
    shop.give_points(mali, 1240)

    html = rendered(shop, Shopper(mali.id, "en"))

    assert config(html)["balance"] == {"text": "1,240", "unit": "petals"}
    assert config(html)["tier"] == {"name": "Silver"}
    assert "1,240" in re.search(r'class="label">(.*?)</span>', html, re.DOTALL)[1]
    assert "Petals & Club" in unescape(re.search(r'aria-label="([^"]*)"', html)[1])


def test_the_widget_knows_what_the_cart_comes_to(shop):
    mali = Shopper(shop.customer().id, "en")
    cart = {"items": [{}], "item_count": 1, "items_subtotal_price": 24000, "currency": "THB"}

    assert config(rendered(shop, mali, cart))["hint"] == {"subtotal": 24000, "currency": "THB"}
    assert config(rendered(shop, mali))["hint"] == {}
