"""What the topics that tell of customers' tags and companies have in common."""

from typing import Any

from webhooks.topic import Event, MarksChanged


def tags_changed(event: Event) -> MarksChanged:
    """Return whose tags changed, and which, in lower case."""
    tags = event.payload["tags"]
    return MarksChanged(
        _number(event.payload["customerId"]), frozenset(tag.lower() for tag in tags)
    )


def contact_changed(event: Event) -> MarksChanged:
    """Return whose companies changed."""
    return MarksChanged(_number(event.payload["customer_admin_graphql_api_id"]), None)


def _number(gid: Any) -> int:  # noqa: ANN401 - of a payload
    return int(str(gid).rpartition("/")[2])
