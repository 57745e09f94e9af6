"""The shop's products as its pages show them, in the shopper's language."""

from dataclasses import dataclass

from devstore.store.products import Product, Products, Variant
from devstore.storefront.product_looks import Look, look_of

SHELVES = {"tea": ("tea",), "soap": ("soap",)}
OTHER_SHELF = "other"


@dataclass(frozen=True)
class ShownVariant:
    """One size of a product."""

    id: int
    title: str
    price_minor: int


@dataclass(frozen=True)
class ShownProduct:
    """One product in one language."""

    handle: str
    kind: str
    title: str
    description: str
    look: Look
    variants: tuple[ShownVariant, ...]

    @property
    def url(self) -> str:
        """Return the address of the product's page."""
        return f"/products/{self.handle}"

    @property
    def price_minor(self) -> int:
        """Return the lowest price."""
        return min(variant.price_minor for variant in self.variants)

    @property
    def price_varies(self) -> bool:
        """Tell whether sizes differ in price."""
        return len({variant.price_minor for variant in self.variants}) > 1


@dataclass(frozen=True)
class Shelf:
    """Products that stand together on the home page."""

    name: str
    products: tuple[ShownProduct, ...]


def shown_product(product: Product, locale: str) -> ShownProduct:
    """Return `product` in `locale`."""
    return ShownProduct(
        handle=product.handle,
        kind=product.kind,
        title=product.title.in_locale(locale),
        description=product.description.in_locale(locale),
        look=look_of(product.art, product.kind),
        variants=tuple(_shown_variant(variant, locale) for variant in product.variants),
    )


def _shown_variant(variant: Variant, locale: str) -> ShownVariant:
    return ShownVariant(variant.id, variant.title.in_locale(locale), variant.price_minor)


def shelves(products: Products, locale: str) -> list[Shelf]:
    """Return every product on its shelf; a shelf without products is left out."""
    placed: dict[str, list[ShownProduct]] = {name: [] for name in (*SHELVES, OTHER_SHELF)}
    for product in products.all():
        placed[_shelf_name(product.kind)].append(shown_product(product, locale))
    return [Shelf(name, tuple(on_it)) for name, on_it in placed.items() if on_it]


def _shelf_name(kind: str) -> str:
    return next((name for name, kinds in SHELVES.items() if kind in kinds), OTHER_SHELF)


def companions(
    products: Products, product: Product, locale: str, count: int = 4
) -> list[ShownProduct]:
    """Return products to show beside `product`: others first that are not of its kind."""
    others = [other for other in products.all() if other.id != product.id]
    others.sort(key=lambda other: (other.kind == product.kind, other.gift_card))
    return [shown_product(other, locale) for other in others[:count]]
