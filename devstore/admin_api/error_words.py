"""GraphQL errors in Shopify's words."""

import re
from typing import Any

from graphql import GraphQLError

_UNDEFINED_FIELD = re.compile(r"Cannot query field '(\w+)' on type '(\w+)'")
_UNKNOWN_ARGUMENT = re.compile(r"Unknown argument '(\w+)' on field '(\w+)\.(\w+)'")


def shopify_error(error: GraphQLError) -> dict[str, Any]:
    """Return an error as Shopify writes it; what it has no words for stays as it is."""
    formatted: dict[str, Any] = dict(error.formatted)
    if match := _UNDEFINED_FIELD.match(error.message):
        field, kind = match.groups()
        formatted["message"] = f"Field '{field}' doesn't exist on type '{kind}'"
        formatted["extensions"] = {
            "code": "undefinedField",
            "typeName": kind,
            "fieldName": field,
        }
    elif match := _UNKNOWN_ARGUMENT.match(error.message):
        argument, kind, field = match.groups()
        formatted["message"] = f"Field '{field}' doesn't accept argument '{argument}'"
        formatted["extensions"] = {
            "code": "argumentNotAccepted",
            "typeName": kind,
            "argumentName": argument,
        }
    elif error.message.startswith("Variable '$"):
        formatted["extensions"] = {"code": "INVALID_VARIABLE"} | formatted.get("extensions", {})
    return formatted
