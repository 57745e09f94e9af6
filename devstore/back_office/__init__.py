"""Shopify's own pages of the admin: orders, customers, webhook deliveries, the clock."""

from devstore.back_office.routes import blueprint

__all__ = ["blueprint"]
