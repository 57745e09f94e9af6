"""A store and its admin without a network: pages are asked for through Flask's own client."""

import pytest

from devstore.services import build_services
from devstore.settings import Settings
from devstore.web import create_app
from tests.devstore.frame.fixtures import ROOT


@pytest.fixture
def services(tmp_path):
    """Services of an empty store."""
    settings = Settings(
        "client",
        "secret-of-more-than-thirty-two-bytes",
        data=tmp_path,
        extensions=ROOT / "extensions",
        app_toml=ROOT / "shopify.app.toml",
    )
    built = build_services(settings)
    yield built
    built.store.close()


@pytest.fixture
def web(services):
    """A client of the store's pages."""
    return create_app(services).test_client()


@pytest.fixture
def mali(services):
    """A customer."""
    return services.store.customers.create(first_name="Mali", email="mali@example.com")


@pytest.fixture
def tea(services):
    """A packet of tea for ฿120."""
    return services.store.products.all()[0].variants[0]
