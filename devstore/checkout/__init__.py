"""The checkout of the development store."""

from devstore.checkout.blueprint import blueprint

__all__ = ["blueprint"]
