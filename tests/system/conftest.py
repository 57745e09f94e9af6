"""One whole installation for each module of system tests."""

import pytest

from tests.browser.conftest import browser, new_page
from tests.system.installation import installation

__all__ = ["browser", "new_page"]


@pytest.fixture(scope="module")
def running(new_database, tmp_path_factory):
    with installation(new_database(), tmp_path_factory.mktemp("installation")) as installed:
        yield installed
