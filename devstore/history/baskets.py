"""A basket of the catalogue's products whose price comes near an amount."""

import random

from devstore.store.evaluation import CartLine
from devstore.store.products import Products

LINES_MAX = 6
GIFT_CARD_SHARE = 0.01


def draw_basket(chance: random.Random, products: Products, spend_minor: int) -> list[CartLine]:
    """Return lines that cost about `spend_minor`: at least one thing, no more than asked."""
    gifts = chance.random() < GIFT_CARD_SHARE
    prices = {
        variant.id: variant.price_minor
        for product in products.all()
        if product.gift_card == gifts
        for variant in product.variants
    }
    cheapest = min(prices.values())
    left = max(spend_minor, cheapest)
    quantities: dict[int, int] = {}
    while left >= cheapest and len(quantities) < LINES_MAX:
        wanted = [variant_id for variant_id, price in prices.items() if price <= left]
        chosen = chance.choice(wanted)
        # Whoever spends much buys more than one of a thing.
        most = max(1, min(5, left // prices[chosen] // 2))
        quantity = chance.randint(1, most)
        quantities[chosen] = quantities.get(chosen, 0) + quantity
        left -= prices[chosen] * quantity
    return [CartLine(variant_id, quantity) for variant_id, quantity in quantities.items()]
