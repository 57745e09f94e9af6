"""A customer's tags as Shopify keeps them: one of each, whatever its case."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

TAG_LENGTH_MAX = 255
TAGS_MAX = 250


class TooManyTags(ValueError):
    """The customer has too many tags."""


class TagTooLong(ValueError):
    """Tag can be 255 characters long at most."""


@dataclass(frozen=True)
class TagsEvent:
    """Tags that one customer was given or lost."""

    customer_gid: str
    tags: tuple[str, ...]
    occurred_at: datetime


def read_tags(given: Iterable[str]) -> tuple[str, ...]:
    """Return the tags that were typed: a comma parts two, and spaces around them go."""
    words = (word.strip() for text in given for word in text.split(","))
    tags = with_tags((), (word for word in words if word))
    if any(len(tag) > TAG_LENGTH_MAX for tag in tags):
        raise TagTooLong
    return tags


def with_tags(tags: tuple[str, ...], more: Iterable[str]) -> tuple[str, ...]:
    """Return the tags and those of `more` that are not there yet."""
    found = {tag.casefold(): tag for tag in tags}
    for tag in more:
        found.setdefault(tag.casefold(), tag)
    if len(found) > TAGS_MAX:
        raise TooManyTags
    return tuple(found.values())


def without_tags(tags: tuple[str, ...], fewer: Iterable[str]) -> tuple[str, ...]:
    """Return the tags that are not among `fewer`."""
    gone = {tag.casefold() for tag in fewer}
    return tuple(tag for tag in tags if tag.casefold() not in gone)
