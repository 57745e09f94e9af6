"""The storefront of the development store."""

from devstore.storefront.blueprint import blueprint

__all__ = ["blueprint"]
