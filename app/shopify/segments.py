"""Segments: customers with a tag, under a name that themes, discounts and mails can use."""

from app.shopify.client import Run
from app.shopify.errors import ShopifyRefused


def save_segment(run: Run, *, name: str, tag: str, gid: str | None = None) -> str:
    """Make the segment of customers with `tag`, or change the one of this id; return its id.

    One of this name is the one that an attempt before made, as names are unique. A segment that
    the merchant deleted is made anew. Raises ShopifyRefused.
    """
    variables = {"name": name, "query": tag_query(tag)}
    if gid is not None:
        try:
            run("update_segment", variables | {"id": gid}, repeatable=True)
        except ShopifyRefused as refusal:
            if not any(error.field == "id" for error in refusal.errors):
                raise
        else:
            return gid
    known = find_segment(run, name)
    if known is not None:
        run("update_segment", variables | {"id": known}, repeatable=True)
        return known
    # Not repeatable: the next attempt finds what this one made by its name.
    return str(run("create_segment", variables)["segmentCreate"]["segment"]["id"])


def find_segment(run: Run, name: str) -> str | None:
    """Return the id of the segment of exactly this name."""
    nodes = run("find_segments", {"query": f"name:{_quoted(name)}"})["segments"]["nodes"]
    return next((str(node["id"]) for node in nodes if node["name"] == name), None)


def delete_segment(run: Run, gid: str) -> None:
    """Delete a segment; one that is gone is done. Raises ShopifyRefused."""
    try:
        run("delete_segment", {"id": gid}, repeatable=True)
    except ShopifyRefused as refusal:
        if not _is_gone(run, gid):
            raise refusal from None


def tag_query(tag: str) -> str:
    """Return the segment query for customers with this tag."""
    return f"customer_tags CONTAINS {_quoted(tag)}"


def _is_gone(run: Run, gid: str) -> bool:
    return run("segment_there", {"id": gid})["segment"] is None


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"
