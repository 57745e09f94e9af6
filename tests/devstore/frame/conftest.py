"""What the tests of the frame share."""

from tests.devstore.frame.fixtures import admin, chromium, page, phone

__all__ = ["admin", "chromium", "page", "phone"]
