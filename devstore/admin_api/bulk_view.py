"""Bulk operations as the Admin API shows them."""

from datetime import datetime
from typing import Any

from devstore.admin_api.values import moment
from devstore.store.bulk_operation import BulkOperation


def bulk_view(operation: BulkOperation, origin: str, now: datetime) -> dict[str, Any]:
    """Return a BulkOperation as the Admin API shows it."""
    address = f"{origin}bulk/{operation.id}/{operation.token}.jsonl"
    url = address if operation.has_file(now) else None
    whole = operation.status == "COMPLETED"
    return {
        "__typename": "BulkOperation",
        "id": operation.gid,
        "query": operation.query,
        "type": "QUERY",
        "status": "EXPIRED" if whole and operation.roots and url is None else operation.status,
        "errorCode": operation.error_code,
        "createdAt": moment(operation.created_at),
        "completedAt": moment(operation.completed_at) if whole else None,
        "objectCount": str(operation.objects),
        "rootObjectCount": str(operation.roots),
        "fileSize": str(operation.file.stat().st_size) if whole and url else None,
        "url": url if whole else None,
        "partialDataUrl": url if operation.status == "FAILED" else None,
    }
