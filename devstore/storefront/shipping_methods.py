"""How orders can be sent, and what that costs."""

from dataclasses import dataclass

from devstore.services import Services
from devstore.store.products import unit_minor

# In round units near one US dollar, so that every currency gets sensible prices.
STANDARD_UNITS = 2
EXPRESS_UNITS = 4
FREE_DELIVERY_UNITS = 40


@dataclass(frozen=True)
class ShippingMethod:
    """One way of sending; `handle` also names its words."""

    handle: str
    price_minor: int


def units(services: Services, count: int) -> int:
    """Return so many round units in the shop's minor units."""
    return count * unit_minor(services.store.shop.currency)


def shipping_methods(services: Services, subtotal_minor: int) -> list[ShippingMethod]:
    """Return the methods for an order of `subtotal_minor` before discounts, the usual one first."""
    free = subtotal_minor >= units(services, FREE_DELIVERY_UNITS)
    return [
        ShippingMethod("standard", 0 if free else units(services, STANDARD_UNITS)),
        ShippingMethod("express", units(services, EXPRESS_UNITS)),
        ShippingMethod("pickup", 0),
    ]


def chosen_method(services: Services, subtotal_minor: int, handle: str | None) -> ShippingMethod:
    """Return the method called `handle`, else the usual one."""
    methods = shipping_methods(services, subtotal_minor)
    return next((method for method in methods if method.handle == handle), methods[0])
