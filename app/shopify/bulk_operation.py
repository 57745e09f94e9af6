"""Has Shopify put a shop's whole order history into a file, and asks how far it is."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, cast

from app.shopify.client import Run
from app.shopify.errors import ShopifyRefused
from app.shopify.operations import operation_text
from app.shopify.order_payload import moment

Status = Literal["CREATED", "RUNNING", "COMPLETED", "FAILED", "CANCELING", "CANCELED", "EXPIRED"]
BUSY = frozenset({"LIMIT_REACHED", "OPERATION_IN_PROGRESS"})


class ShopifyBusy(Exception):
    """As many bulk operations as Shopify allows are running at the shop."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BulkProgress:
    """How far an operation is, and where its file lies once it has ended."""

    status: Status
    error_code: str | None
    orders: int
    """In the file so far."""
    url: str | None
    """Of the whole file. What there was when an operation failed is of no use: as the lines have no
    order, nothing says which orders are whole."""
    bytes_in_file: int | None

    @property
    def is_running(self) -> bool:
        """Whether the operation has not ended yet."""
        return self.status in ("CREATED", "RUNNING", "CANCELING")


def ask_for_history(run: Run) -> tuple[str, datetime]:
    """Begin the operation; return its global id and when Shopify began.

    Raises ShopifyBusy when others have to end first. An answer that was lost leaves an operation
    that nobody reads, which does no harm: asking again begins another.
    """
    try:
        data = run("run_bulk_query", {"query": operation_text("order_history")})
    except ShopifyRefused as refusal:
        if refusal.codes & BUSY:
            raise ShopifyBusy from refusal
        raise
    operation = data["bulkOperationRunQuery"]["bulkOperation"]
    return operation["id"], moment(operation["createdAt"])


def look_at(run: Run, gid: str) -> BulkProgress | None:
    """Return how far the operation is; None when Shopify does not know it any more."""
    found: dict[str, Any] | None = run("bulk_operation", {"id": gid})["bulkOperation"]
    if found is None:
        return None
    return BulkProgress(
        status=cast("Status", found["status"]),
        error_code=found["errorCode"],
        orders=int(found["rootObjectCount"]),
        url=found["url"],
        bytes_in_file=int(found["fileSize"]) if found["fileSize"] else None,
    )


def cancel(run: Run, gid: str) -> None:
    """Ask Shopify to stop; one that has ended already is left as it is."""
    try:
        run("cancel_bulk_operation", {"id": gid}, repeatable=True)
    except ShopifyRefused:
        return
