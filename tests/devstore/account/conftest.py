"""A shop, and somebody who visits it."""

import pytest

from tests.devstore.storefront.shop import running_shop


@pytest.fixture
def shop(tmp_path):
    with running_shop(tmp_path) as running:
        yield running


@pytest.fixture
def visitor(shop):
    return shop.visitor()
