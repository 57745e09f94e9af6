"""The customer's account in the development store: orders, and the rewards page of the app."""

from devstore.account.blueprint import blueprint

__all__ = ["blueprint"]
