"""What the `shopify` global of the checkout extension starts with."""

from typing import Any

from devstore.checkout.checkout_state import CheckoutState
from devstore.services import Services
from devstore.store.money import to_decimal_string
from devstore.ui_extensions.extension_config import ExtensionConfig
from devstore.ui_extensions.extension_page import localization

OWN = "$app"
VALUE_TYPES = {"number_integer": "integer", "json": "json_string", "boolean": "boolean"}

Json = dict[str, Any]


def constants(services: Services) -> Json:
    """Return the properties of checkout alone that never change while the extension runs."""
    shop = services.store.shop
    return {
        "shop": {
            "id": shop.gid,
            "name": shop.name,
            "myshopifyDomain": shop.domain,
            "storefrontUrl": services.settings.origin,
        },
    }


def signals(services: Services, config: ExtensionConfig, state: CheckoutState) -> Json:
    """Return the value of every signal, by name."""
    priced = state.priced
    return {
        "appMetafields": app_metafields(services, config, state),
        "appliedGiftCards": [],
        "attributes": [],
        "checkoutToken": state.cart.token,
        "discountAllocations": [],
        "discountCodes": [{"code": code} for code in state.applied_codes],
        "instructions": _instructions(),
        "lines": _lines(services, state),
        "note": state.cart.note or None,
        "settings": {},
        "orderConfirmation": None,
        "buyerIdentity.customer": _customer(services, state),
        "buyerIdentity.email": state.customer.email if state.customer else None,
        "buyerIdentity.phone": None,
        "buyerIdentity.purchasingCompany": None,
        "cost.subtotalAmount": _money(services, priced.subtotal_minor - sum(priced.line_discounts)),
        "cost.totalAmount": _money(services, priced.total_minor),
        "cost.totalShippingAmount": _money(services, priced.shipping_minor),
        "cost.totalTaxAmount": _money(services, 0),
        "localization.market": None,
        "localization.timezone": services.store.shop.timezone,
    } | localization(services, state.shopper)


def app_metafields(services: Services, config: ExtensionConfig, state: CheckoutState) -> list[Json]:
    """Return those metafields of shop and customer that the extension's TOML asks for."""
    owners = [("shop", services.store.shop.gid)]
    if state.customer is not None:
        owners.append(("customer", state.customer.gid))
    found = []
    for kind, gid in owners:
        for namespace, key in config.metafields:
            metafield = services.store.metafields.get(gid, namespace, key)
            if metafield is None:
                continue
            entry = {
                "namespace": namespace,
                "key": key,
                "value": metafield.value,
                "valueType": VALUE_TYPES.get(metafield.type, "string"),
                "type": metafield.type,
            }
            found.append({"target": {"type": kind, "id": gid}, "metafield": entry})
    return found


def _instructions() -> Json:
    return {
        "attributes": {"canUpdateAttributes": False},
        "delivery": {"canSelectCustomAddress": True},
        "discounts": {"canUpdateDiscountCodes": True},
        "lines": {
            "canAddCartLine": False,
            "canRemoveCartLine": False,
            "canUpdateCartLine": False,
        },
        "metafields": {"canSetCartMetafields": False, "canDeleteCartMetafield": False},
        "notes": {"canUpdateNote": False},
    }


def _lines(services: Services, state: CheckoutState) -> list[Json]:
    locale = state.shopper.locale
    return [
        {
            "id": f"gid://shopify/CartLine/{line.variant.id}",
            "quantity": line.quantity,
            "merchandise": {
                "type": "variant",
                "id": line.variant.gid,
                "title": line.product.title.in_locale(locale),
                "subtitle": line.variant.title.in_locale(locale),
                "selectedOptions": [],
                "requiresShipping": line.product.requires_shipping,
                "product": {
                    "id": line.product.gid,
                    "vendor": line.product.vendor,
                    "productType": line.product.kind,
                },
            },
            "cost": {"totalAmount": _money(services, line.subtotal_minor)},
            "attributes": [],
            "discountAllocations": [],
            "lineComponents": [],
        }
        for line in state.priced.lines
    ]


def _customer(services: Services, state: CheckoutState) -> Json | None:
    customer = state.customer
    if customer is None:
        return None
    return {
        "id": customer.gid,
        "email": customer.email,
        "fullName": customer.name,
        "firstName": customer.first_name,
        "lastName": customer.last_name,
        "image": {"url": ""},
        "acceptsMarketing": False,
        "acceptsEmailMarketing": False,
        "acceptsSmsMarketing": False,
        "storeCreditAccounts": [],
        "ordersCount": services.store.orders.count(customer.id),
    }


def _money(services: Services, amount_minor: int) -> Json:
    currency = services.store.shop.currency
    return {"amount": float(to_decimal_string(amount_minor, currency)), "currencyCode": currency}
