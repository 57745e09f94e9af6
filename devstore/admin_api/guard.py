"""Resolves fields whose scope is granted, and no others."""

from typing import Any

from graphql import GraphQLResolveInfo, default_field_resolver

from devstore.admin_api.admin_schema import REQUIRED_SCOPES, access_denied


def guarded(source: Any, info: GraphQLResolveInfo[Any], **arguments: Any) -> Any:  # noqa: ANN401 - GraphQL's
    """Resolve a field, if its scope is granted; the context is the scopes."""
    scope = REQUIRED_SCOPES.get((info.parent_type.name, info.field_name))
    if scope is not None and scope not in info.context:
        raise access_denied(info.field_name, scope)
    return default_field_resolver(source, info, **arguments)
