"""What the checkout extension asks, with its session token."""

from app.web.checkout.routes import blueprint

__all__ = ["blueprint"]
