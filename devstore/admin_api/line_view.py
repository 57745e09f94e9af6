"""Line items, shipping lines, taxes and discounts of an order as the Admin API shows them."""

from typing import Any

from devstore.admin_api.product_view import product_view, variant_view
from devstore.admin_api.values import order_bag
from devstore.store.order import Order
from devstore.store.order_line import DiscountAllocation, OrderLine, ShippingLine, TaxLine
from devstore.store.store import Store

View = dict[str, Any]


def line_view(store: Store, order: Order, line: OrderLine) -> View:
    """Return a LineItem."""

    def product(_info: object) -> View | None:
        found = None if line.product_id is None else store.products.get(line.product_id)
        return None if found is None else product_view(found)

    def variant(_info: object) -> View | None:
        if line.variant_id is None or not store.products.existing([line.variant_id]):
            return None
        return variant_view(*store.products.variant(line.variant_id), order.currency)

    def tax_lines(_info: object, first: int | None = None) -> list[View]:
        return [tax_view(tax, order) for tax in line.taxes][:first]

    name = f"{line.title} - {line.variant_title}" if line.variant_title else line.title
    return {
        "__typename": "LineItem",
        "id": line.gid,
        "title": line.title,
        "name": name,
        "variantTitle": line.variant_title,
        "sku": line.sku,
        "vendor": store.shop.name,
        "quantity": line.quantity,
        "currentQuantity": line.current_quantity,
        "refundableQuantity": line.current_quantity,
        "isGiftCard": line.gift_card,
        "nonFulfillableQuantity": line.quantity
        if line.tip
        else line.quantity - line.current_quantity,
        "requiresShipping": line.shipped,
        "taxable": line.shipped,
        "discountAllocations": _allocations(order, line.allocations),
        "taxLines": tax_lines,
        "duties": [
            {
                "id": f"gid://shopify/Duty/{each.id}",
                "countryCodeOfOrigin": each.country_code_of_origin,
                "harmonizedSystemCode": each.harmonized_system_code,
                "price": order_bag(order, each.amount_minor),
                "taxLines": [],
            }
            for each in line.duties
        ],
        "product": product,
        "variant": variant,
    } | _line_amounts(order, line)


def _line_amounts(order: Order, line: OrderLine) -> View:
    amounts = {
        "originalUnitPriceSet": line.price_minor,
        "originalTotalSet": line.price_minor * line.quantity,
        "discountedUnitPriceSet": line.price_minor,
        "discountedUnitPriceAfterAllDiscountsSet": line.part(line.discounted_minor, 1),
        "totalDiscountSet": line.discount_minor,
    }

    def discounted_total(_info: object, **arguments: bool) -> View:
        # Codes count as discounts here only when asked for.
        with_codes = arguments.get("withCodeDiscounts", False)
        whole = line.price_minor * line.quantity
        return order_bag(order, line.discounted_minor if with_codes else whole)

    bags: View = {name: order_bag(order, amount) for name, amount in amounts.items()}
    return bags | {"discountedTotalSet": discounted_total}


def shipping_view(order: Order, line: ShippingLine) -> View:
    """Return a ShippingLine."""
    amounts = {
        "originalPriceSet": line.price_minor,
        "discountedPriceSet": line.discounted_minor,
        "currentDiscountedPriceSet": line.discounted_minor,
    }
    allocations = (
        ()
        if line.code_index is None
        else (DiscountAllocation(line.discount_minor, line.code_index),)
    )
    bags: View = {name: order_bag(order, amount) for name, amount in amounts.items()}
    return bags | {
        "id": f"gid://shopify/ShippingLine/{line.id}",
        "title": line.title,
        "code": line.title,
        "custom": False,
        "isRemoved": False,
        "discountAllocations": _allocations(order, allocations),
        "taxLines": [tax_view(tax, order) for tax in line.taxes],
    }


def _allocations(order: Order, allocations: tuple[DiscountAllocation, ...]) -> list[View]:
    return [{"allocatedAmountSet": order_bag(order, each.amount_minor)} for each in allocations]


def tax_view(tax: TaxLine, order: Order) -> View:
    """Return a TaxLine."""
    return {
        "title": tax.title,
        "rate": tax.rate_bp / 10_000,
        "ratePercentage": tax.rate_bp / 100,
        "priceSet": order_bag(order, tax.amount_minor),
        "channelLiable": False,
    }
