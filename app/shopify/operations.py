"""The GraphQL operations that the app sends, one a file in graphql/, found by name."""

import re
from functools import cache
from importlib import resources

API_VERSION = "2026-10"

_SPREAD = re.compile(r"\.\.\.\s*([A-Z]\w*)")


@cache
def operation_text(name: str) -> str:
    """Return the document of operation `name` with the fragments that it spreads."""
    folder = resources.files("app.shopify") / "graphql"
    return _with_fragments((folder / f"{name}.graphql").read_text("utf-8"))


def operation_names() -> list[str]:
    """Return the names of all operations, sorted."""
    folder = resources.files("app.shopify") / "graphql"
    files = (entry.name for entry in folder.iterdir() if entry.name.endswith(".graphql"))
    return sorted(name.removesuffix(".graphql") for name in files)


def is_query(name: str) -> bool:
    """Return whether operation `name` only reads."""
    return operation_text(name).lstrip().startswith("query")


def _with_fragments(text: str) -> str:
    fragments: dict[str, str] = {}
    waiting = _SPREAD.findall(text)
    while waiting:
        name = waiting.pop()
        if name not in fragments:
            fragments[name] = _fragment_text(name)
            waiting += _SPREAD.findall(fragments[name])
    return "\n".join([text, *(fragments[name] for name in sorted(fragments))])


def _fragment_text(name: str) -> str:
    folder = resources.files("app.shopify") / "graphql" / "fragments"
    return (folder / f"{name}.graphql").read_text("utf-8")
