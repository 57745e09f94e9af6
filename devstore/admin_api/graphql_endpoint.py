"""The Admin GraphQL endpoint: token, validation, cost, faults, execution."""

import socket
import time
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from flask import Blueprint, abort, jsonify, request
from flask.typing import ResponseReturnValue
from graphql import (
    DocumentNode,
    FragmentDefinitionNode,
    GraphQLError,
    GraphQLSyntaxError,
    OperationDefinitionNode,
    execute_sync,
    get_operation_ast,
    parse,
    validate,
)

from devstore.admin_api.admin_schema import admin_schema
from devstore.admin_api.automatic_mutations import AutomaticMutations
from devstore.admin_api.bucket import CostBucket
from devstore.admin_api.bulk_operations import BulkOperations
from devstore.admin_api.cost import MAX_COST, CostOf
from devstore.admin_api.error_words import shopify_error
from devstore.admin_api.faults import Fault, Faults
from devstore.admin_api.given_money import GivenMoney
from devstore.admin_api.guard import guarded
from devstore.admin_api.mutations import Mutations
from devstore.admin_api.queries import Queries
from devstore.admin_api.tag_mutations import TagMutations
from devstore.store.store import Store

API_VERSION = "2026-10"
NO_TOKEN = "[API] Invalid API key or access token (unrecognized login or wrong password)"  # noqa: S105 - words


@dataclass(frozen=True)
class Call:
    """One GraphQL request whose token is good."""

    document: DocumentNode
    operation: OperationDefinitionNode
    variables: dict[str, Any]
    scopes: frozenset[str]

    def names(self) -> set[str]:
        """Return what a fault may call this: the operation's name and its root fields."""
        fields = {
            node.name.value
            for node in self.operation.selection_set.selections
            if hasattr(node, "name")
        }
        return fields | ({self.operation.name.value} if self.operation.name else set())


def add_graphql_route(
    routes: Blueprint, store: Store, bucket: CostBucket, faults: Faults, bulk: BulkOperations
) -> None:
    """Add `POST /shop/<domain>/admin/api/2026-10/graphql.json`."""

    @routes.post("/shop/<domain>/admin/api/<version>/graphql.json")
    def graphql(domain: str, version: str) -> ResponseReturnValue:
        if domain != store.shop.domain or version != API_VERSION:
            abort(404)
        scopes = store.access.scopes_of(request.headers.get("X-Shopify-Access-Token", ""))
        if scopes is None:
            return jsonify(errors=NO_TOKEN), 401
        body = request.get_json(silent=True)
        if not isinstance(body, dict) or not isinstance(body.get("query"), str):
            return jsonify(errors={"query": "Required parameter missing or invalid"}), 400
        read = _read_call(body, scopes)
        if isinstance(read, dict):
            return jsonify(read)
        roots = (
            Queries(store, scopes).resolvers()
            | Mutations(store, scopes).resolvers()
            | TagMutations(store, scopes).resolvers()
            | AutomaticMutations(store).resolvers()
            | GivenMoney(store).resolvers()
            | bulk.resolvers(scopes)
        )
        return _with_faults(roots, bucket, faults, read)


def _read_call(body: dict[str, Any], scopes: frozenset[str]) -> Call | dict[str, Any]:
    try:
        document, problems = _validated(body["query"])
    except GraphQLSyntaxError as problem:
        return {"errors": [problem.formatted]}
    if problems:
        return {"errors": [shopify_error(problem) for problem in problems]}
    operation = get_operation_ast(document, body.get("operationName"))
    if operation is None:
        return {"errors": [{"message": "An operation name is required"}]}
    return Call(document, operation, body.get("variables") or {}, scopes)


@lru_cache(maxsize=256)
def _validated(text: str) -> tuple[DocumentNode, list[GraphQLError]]:
    """Parse and validate; an app sends the same few documents over and over."""
    document = parse(text)
    return document, validate(admin_schema(), document)


def _with_faults(
    roots: dict[str, Any], bucket: CostBucket, faults: Faults, call: Call
) -> ResponseReturnValue:
    fault = faults.take(call.names())
    if fault is None:
        return jsonify(_run(roots, bucket, call))
    if fault.kind == "late":
        with faults.held_back_call(fault):
            return jsonify(_run(roots, bucket, call))
    answer = _run(roots, bucket, call) if fault.takes_effect else None
    if fault.kind.startswith("timeout"):
        time.sleep(fault.seconds)
    if fault.kind == "timeout":
        return jsonify(answer)
    return _failed(fault, bucket, call)


def _failed(fault: Fault, bucket: CostBucket, call: Call) -> ResponseReturnValue:
    if fault.kind.startswith("500"):
        message = "Internal error. Looks like something went wrong on our end."
        extensions = {"code": "INTERNAL_SERVER_ERROR", "requestId": "devstore"}
        return jsonify(errors=[{"message": message, "extensions": extensions}])
    if fault.kind.startswith("cut"):
        # The development server hands its connection over; nothing reaches the app any more.
        request.environ["werkzeug.socket"].shutdown(socket.SHUT_RDWR)
    if fault.kind == "throttled":
        cost = _cost_of(call).operation(call.operation)
        return jsonify(_throttled(cost, bucket.status() | {"currentlyAvailable": 0}))
    if fault.kind == "429":
        return jsonify(errors="Too many requests"), 429, {"Retry-After": "0.2"}
    return jsonify(errors="Service unavailable"), 503


def _run(roots: dict[str, Any], bucket: CostBucket, call: Call) -> dict[str, Any]:
    costs = _cost_of(call)
    requested = costs.operation(call.operation)
    if requested > MAX_COST:
        return _too_dear(requested)
    if not bucket.take(requested):
        return _throttled(requested, bucket.status())
    result = execute_sync(
        admin_schema(),
        call.document,
        root_value=roots,
        variable_values=call.variables,
        operation_name=call.operation.name.value if call.operation.name else None,
        context_value=call.scopes,
        field_resolver=guarded,
        type_resolver=lambda value, *_: str(value["__typename"]),
    )
    actual = min(requested, costs.operation(call.operation, result.data))
    bucket.give_back(requested - actual)
    answer: dict[str, Any] = {"data": result.data}
    if result.errors:
        answer["errors"] = [shopify_error(error) for error in result.errors]
    return answer | {"extensions": _cost(requested, actual, bucket.status())}


def _cost_of(call: Call) -> CostOf:
    fragments = {
        node.name.value: node
        for node in call.document.definitions
        if isinstance(node, FragmentDefinitionNode)
    }
    return CostOf(admin_schema(), fragments, call.variables)


def _cost(requested: int, actual: int | None, status: dict[str, Any]) -> dict[str, Any]:
    return {
        "cost": {
            "requestedQueryCost": requested,
            "actualQueryCost": actual,
            "throttleStatus": status,
        }
    }


def _throttled(requested: int, status: dict[str, Any]) -> dict[str, Any]:
    extensions = {
        "code": "THROTTLED",
        "documentation": "https://shopify.dev/api/usage/rate-limits",
    }
    errors = [{"message": "Throttled", "extensions": extensions}]
    return {"errors": errors, "extensions": _cost(requested, None, status)}


def _too_dear(requested: int) -> dict[str, Any]:
    message = (
        f"Query cost is {requested}, which exceeds the single query max cost limit ({MAX_COST})."
    )
    extensions = {"code": "MAX_COST_EXCEEDED", "cost": requested, "maxCost": MAX_COST}
    return {"errors": [GraphQLError(message, extensions=extensions).formatted]}
