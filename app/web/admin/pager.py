"""The way to the pages of newer and older things beside the one that is shown."""

from dataclasses import dataclass

from flask import url_for


@dataclass(frozen=True, slots=True, kw_only=True)
class Pager:
    """Addresses of the pages beside this one; None where there is none."""

    newest_url: str
    newer_url: str | None
    older_url: str | None


def pager(
    endpoint: str, *, newer: str | int | None, older: str | int | None, **values: str | int
) -> Pager:
    """Return the addresses of a view that understands `after` and `before`."""
    return Pager(
        newest_url=url_for(endpoint, **values),  # type: ignore[arg-type]
        newer_url=None if newer is None else url_for(endpoint, after=newer, **values),  # type: ignore[arg-type]
        older_url=None if older is None else url_for(endpoint, before=older, **values),  # type: ignore[arg-type]
    )
