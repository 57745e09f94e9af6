"""What can be chosen in forms: variants and customers."""

from dataclasses import dataclass

from devstore.back_office.words import money_words
from devstore.services import Services


@dataclass(frozen=True)
class VariantChoice:
    """One variant as a form lists it."""

    id: int
    words: str


def variant_choices(services: Services) -> list[VariantChoice]:
    """Return every variant of the shop with its size and price."""
    return [
        VariantChoice(variant.id, _words(product.title.en, variant.title.en, price))
        for product in services.store.products.all()
        for variant in product.variants
        for price in (money_words(variant.price_minor, services.store.shop.currency),)
    ]


def _words(product: str, size: str, price: str) -> str:
    return " · ".join(word for word in (product, size, price) if word)
