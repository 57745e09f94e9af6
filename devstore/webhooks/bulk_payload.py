"""What bulk_operations/finish carries."""

from devstore.store.bulk_operation import BulkOperation
from devstore.webhooks.payload_values import Json, Values


def finish_payload(operation: BulkOperation, values: Values) -> Json:
    """Return the body of bulk_operations/finish."""
    return {
        "admin_graphql_api_id": operation.gid,
        "completed_at": values.time(operation.completed_at) if operation.completed_at else None,
        "created_at": values.time(operation.created_at),
        "error_code": operation.error_code.lower() if operation.error_code else None,
        "status": operation.status.lower(),
        "type": "query",
    }
