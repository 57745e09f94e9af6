"""What the widget asks through the app proxy."""

from app.web.storefront.routes import blueprint

__all__ = ["blueprint"]
