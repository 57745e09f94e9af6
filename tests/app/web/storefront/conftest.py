"""The widget's requests as Shopify's app proxy forwards them."""

import time

import pytest

from app.shopify.proxy_signature import sign_proxy_query
from app.web.storefront import blueprint

SHOP = "tea.myshopify.com"


@pytest.fixture
def client(web):
    web.register_blueprint(blueprint)
    return web.test_client(use_cookies=False)


@pytest.fixture
def ask(client, installation_settings):
    """Return a function that asks as a signed-in customer (None: a guest), signed now."""

    def ask(method, path, customer_id=7, age_s=0, shop=SHOP, tampered=None, **values):
        signed = {
            "shop": [shop],
            "path_prefix": ["/apps/regulars"],
            "timestamp": [str(int(time.time()) - age_s)],
            "logged_in_customer_id": ["" if customer_id is None else str(customer_id)],
        } | {name: [str(value)] for name, value in values.items()}
        signature = sign_proxy_query(signed, installation_settings.shopify_client_secret)
        query = signed | {"signature": [signature]} | (tampered or {})
        return client.open(f"/proxy/{path}", method=method, query_string=query)

    return ask
