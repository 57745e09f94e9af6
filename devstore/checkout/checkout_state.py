"""The visitor's checkout: their cart with delivery, codes and totals worked out."""

from dataclasses import dataclass, replace

from itsdangerous import URLSafeSerializer

from devstore.checkout.given_money import GivenMoney, given_money
from devstore.services import Services
from devstore.store.customers import Customer
from devstore.store.evaluation import Evaluation
from devstore.store.placement import Shipping
from devstore.storefront.cart_cookie import Cart, current_cart, put_cart
from devstore.storefront.cart_pricing import applied_by_code, price_cart
from devstore.storefront.phrases import say
from devstore.storefront.shipping_methods import ShippingMethod, chosen_method, shipping_methods
from devstore.storefront.shopper_cookie import Shopper, current_shopper


@dataclass(frozen=True)
class CheckoutState:
    """Everything the checkout knows at one moment."""

    shopper: Shopper
    customer: Customer | None
    cart: Cart
    methods: tuple[ShippingMethod, ...]
    method: ShippingMethod
    priced: Evaluation
    needs_shipping: bool
    given: GivenMoney

    @property
    def applied_codes(self) -> list[str]:
        """Return the codes that apply, as they were created."""
        return [use.code for use in applied_by_code(self.priced).values()]

    @property
    def shipping(self) -> Shipping | None:
        """Return the delivery as the order will name it; None when nothing is sent."""
        if not self.needs_shipping:
            return None
        title = say("en", f"checkout.{self.method.handle}")
        return Shipping(title, self.method.price_minor)


def checkout_state(services: Services, signer: URLSafeSerializer) -> CheckoutState:
    """Return the checkout of this request's visitor."""
    shopper, cart = current_shopper(signer), current_cart(signer)
    customers = services.store.customers
    customer = customers.get(shopper.customer_id) if shopper.customer_id else None
    customer_id = None if customer is None else customer.id
    unsent = price_cart(services, cart, customer_id)
    needs_shipping = any(line.product.requires_shipping for line in unsent.lines)
    method = chosen_method(services, unsent.subtotal_minor, cart.shipping_method)
    shipping_minor = method.price_minor if needs_shipping else 0
    priced = price_cart(services, cart, customer_id, shipping_minor)
    return CheckoutState(
        shopper=shopper,
        customer=customer,
        cart=cart,
        methods=tuple(shipping_methods(services, unsent.subtotal_minor)),
        method=method,
        priced=priced,
        needs_shipping=needs_shipping,
        given=given_money(services, cart, customer, priced.total_minor),
    )


def choose_method(signer: URLSafeSerializer, handle: str) -> None:
    """Remember how the visitor wants the order sent."""
    put_cart(replace(current_cart(signer), shipping_method=handle))
