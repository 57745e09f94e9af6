"""The shop's collections: each holds the products that carry its tag."""

from dataclasses import dataclass

FIRST_COLLECTION_ID = 440_100_000_001


@dataclass(frozen=True)
class Collection:
    """A smart collection: its one condition is a product tag."""

    id: int
    handle: str
    title: str
    tag: str

    @property
    def gid(self) -> str:
        """The collection's global id."""
        return f"gid://shopify/Collection/{self.id}"


COLLECTIONS = tuple(
    Collection(FIRST_COLLECTION_ID + place * 3, handle, title, tag)
    for place, (handle, title, tag) in enumerate(
        (
            ("teas", "Teas", "tea"),
            ("soaps", "Soaps", "soap"),
            ("bestsellers", "Bestsellers", "bestseller"),
            ("gifts", "Gifts", "gift"),
        )
    )
)


def collections_of(tags: tuple[str, ...]) -> tuple[Collection, ...]:
    """Return the collections that a product with these tags is in."""
    return tuple(each for each in COLLECTIONS if each.tag in tags)


def collection(collection_id: int) -> Collection | None:
    """Return the collection with this id, or None."""
    return next((each for each in COLLECTIONS if each.id == collection_id), None)
