"""What runs the app's UI extensions in a page: stand-ins for Shopify's scripts and elements."""

from devstore.ui_extensions.blueprint import blueprint

__all__ = ["blueprint"]
