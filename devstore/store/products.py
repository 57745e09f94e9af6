"""Products and variants, and where they are found."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from devstore.store.catalogue import CATALOGUE, Text
from devstore.store.collections import Collection, collections_of
from devstore.store.database import Database
from devstore.store.shop import Shop

FIRST_PRODUCT_ID = 8_100_000_000_001
FIRST_VARIANT_ID = 45_100_000_000_001
CHANGED_TAGS = "product_tags"


@dataclass(frozen=True)
class Variant:
    """What is put in the cart: one size of a product, priced in the shop's currency."""

    id: int
    product_id: int
    title: Text
    price_minor: int
    sku: str
    grams: int

    @property
    def gid(self) -> str:
        """The variant's global id."""
        return f"gid://shopify/ProductVariant/{self.id}"


@dataclass(frozen=True)
class Product:
    """One product; `kind` is tea, soap or gift_card, `art` names its drawing."""

    id: int
    handle: str
    title: Text
    description: Text
    kind: str
    art: str
    tags: tuple[str, ...]
    vendor: str
    variants: tuple[Variant, ...]

    @property
    def gid(self) -> str:
        """The product's global id."""
        return f"gid://shopify/Product/{self.id}"

    @property
    def collections(self) -> tuple[Collection, ...]:
        """The collections its tags put it in."""
        return collections_of(self.tags)

    @property
    def gift_card(self) -> bool:
        """Whether it is a gift card, which is neither shipped nor taxed."""
        return self.kind == "gift_card"

    @property
    def requires_shipping(self) -> bool:
        """Whether it has to be sent by post."""
        return not self.gift_card


class UnknownVariant(LookupError):
    """There is no such variant."""


class Products:
    """The shop's catalogue: fixed, but for the products' tags."""

    def __init__(self, shop: Shop, database: Database) -> None:
        self._database = database
        self._products = tuple(_products(shop))
        self._by_handle = {product.handle: product for product in self._products}
        self._by_id = {product.id: product for product in self._products}
        self._by_variant = {
            variant.id: (product, variant)
            for product in self._products
            for variant in product.variants
        }

    def all(self) -> tuple[Product, ...]:
        """Return every product, the gift card last."""
        changed = self._changed_tags()
        return tuple(_tagged(product, changed) for product in self._products)

    def by_handle(self, handle: str) -> Product | None:
        """Return the product with this handle, or None."""
        return self._as_tagged(self._by_handle.get(handle))

    def get(self, product_id: int) -> Product | None:
        """Return the product with this id, or None."""
        return self._as_tagged(self._by_id.get(product_id))

    def set_tags(self, product_id: int, tags: Iterable[str]) -> Product:
        """Give a product these tags and no others; its collections follow."""
        product = self._by_id[product_id]
        with self._database.transaction():
            changed = self._changed_tags() | {str(product_id): list(dict.fromkeys(tags))}
            self._database.set_setting(CHANGED_TAGS, json.dumps(changed))
        return _tagged(product, changed)

    def variant(self, variant_id: int) -> tuple[Product, Variant]:
        """Return a variant and its product, or raise UnknownVariant."""
        if variant_id not in self._by_variant:
            raise UnknownVariant(variant_id)
        return self._by_variant[variant_id]

    def existing(self, variant_ids: Iterable[int]) -> list[int]:
        """Return those of the ids that exist."""
        return [variant_id for variant_id in variant_ids if variant_id in self._by_variant]

    def _changed_tags(self) -> dict[str, list[str]]:
        stored = self._database.setting(CHANGED_TAGS)
        changed: dict[str, list[str]] = json.loads(stored) if stored else {}
        return changed

    def _as_tagged(self, product: Product | None) -> Product | None:
        return None if product is None else _tagged(product, self._changed_tags())


def _tagged(product: Product, changed: dict[str, list[str]]) -> Product:
    tags = changed.get(str(product.id))
    return product if tags is None else replace(product, tags=tuple(tags))


def _products(shop: Shop) -> Iterator[Product]:
    variant_id = FIRST_VARIANT_ID
    for place, item in enumerate(CATALOGUE):
        product_id = FIRST_PRODUCT_ID + place * 11
        variants = []
        for size in item.sizes:
            price_minor = size.price * unit_minor(shop.currency) // 100
            sku = f"{item.handle.upper()}-{size.grams}" if size.grams else item.handle.upper()
            variants.append(
                Variant(variant_id, product_id, size.title, price_minor, sku, size.grams)
            )
            variant_id += 13
        yield Product(
            product_id, item.handle, item.title, item.description, item.kind, item.art,
            item.tags, shop.name, tuple(variants),
        )  # fmt: skip


_UNITS_MINOR = {
    "USD": 100, "EUR": 100, "GBP": 100, "CHF": 100, "CAD": 100, "AUD": 100, "NZD": 100,
    "SGD": 100, "THB": 2500, "JPY": 100, "KRW": 1000, "KWD": 250, "INR": 5000, "MXN": 2000,
}  # fmt: skip


def unit_minor(currency: str) -> int:
    """Return a round amount near one US dollar, in minor units of `currency`."""
    return _UNITS_MINOR.get(currency, 100)
