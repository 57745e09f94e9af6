"""What an extension on the customer's account pages asks, with its session token."""

from app.web.account.routes import blueprint

__all__ = ["blueprint"]
