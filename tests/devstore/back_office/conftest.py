"""What the tests of the back office share."""

from tests.devstore.back_office.services_fixtures import mali, services, tea, web
from tests.devstore.frame.fixtures import admin, chromium, page, phone

__all__ = ["admin", "chromium", "mali", "page", "phone", "services", "tea", "web"]
