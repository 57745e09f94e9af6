"""What can be chosen in forms: variants and customers."""

from dataclasses import dataclass

from devstore.back_office.words import money_words
from devstore.services import Services


@dataclass(frozen=True)
class VariantChoice:
    """One variant as a form lists it."""

    id: int
    title: str
    details: str

    @property
    def words(self) -> str:
        """The variant in one line."""
        return f"{self.title} · {self.details}"


def variant_choices(services: Services) -> list[VariantChoice]:
    """Return every variant of the shop with its size and price."""
    return [
        VariantChoice(variant.id, product.title.en, f"{variant.title.en} · {price}")
        for product in services.store.products.all()
        for variant in product.variants
        for price in (money_words(variant.price_minor, services.store.shop.currency),)
    ]
