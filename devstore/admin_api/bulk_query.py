"""What a bulk operation may ask for, and its answer page by page as the lines of a JSONL file."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from graphql import (
    ArgumentNode,
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    GraphQLSyntaxError,
    IntValueNode,
    NamedTypeNode,
    NameNode,
    OperationDefinitionNode,
    OperationType,
    SelectionNode,
    SelectionSetNode,
    TypeInfo,
    TypeInfoVisitor,
    VariableDefinitionNode,
    VariableNode,
    Visitor,
    get_named_type,
    is_list_type,
    parse,
    validate,
    visit,
)
from graphql.type import get_nullable_type

from devstore.admin_api.admin_schema import admin_schema
from devstore.admin_api.connections import MAX_PAGE

CONNECTIONS_MAX = 5
DEPTH_MAX = 2
Json = dict[str, Any]
Execute = Callable[[DocumentNode, Json], Json]
"""Runs a document with variables; raises what Shopify would fail with."""


class BulkRefused(Exception):
    """Shopify would not begin this query; the message says why."""


def checked(text: str) -> DocumentNode:
    """Return the query as it is run, page by page; raises BulkRefused when Shopify would."""
    try:
        document = parse(text)
    except GraphQLSyntaxError as problem:
        raise BulkRefused(f"Invalid bulk query: {problem.message}") from problem
    problems = validate(admin_schema(), document)
    if problems:
        raise BulkRefused(f"Invalid bulk query: {problems[0].message}")
    _refuse_other_roots(document)
    info = TypeInfo(admin_schema())
    counting = _Connections(info)
    paged: DocumentNode = visit(document, TypeInfoVisitor(info, counting))
    if not counting.found:
        raise BulkRefused("Bulk queries must contain at least one connection.")
    if counting.found > CONNECTIONS_MAX:
        raise BulkRefused(f"Bulk queries cannot contain more than {CONNECTIONS_MAX} connections.")
    return paged


def pages(document: DocumentNode, execute: Execute) -> Iterator[tuple[list[Json], list[Json]]]:
    """Yield the root objects of each page and, apart from them, what belongs to them."""
    after = None
    while True:
        data = execute(document, {"bulkAfter": after})
        [connection] = data.values()
        roots: list[Json] = []
        children: list[Json] = []
        for edge in connection["edges"]:
            _flatten(edge["node"], None, roots, children)
        yield roots, children
        if not connection["pageInfo"]["hasNextPage"]:
            return
        after = connection["pageInfo"]["endCursor"]


def _flatten(node: Json, parent_id: str | None, own: list[Json], children: list[Json]) -> None:
    """Put a node into `own` and what its connections hold into `children`, each with its parent."""
    line = {key: value for key, value in node.items() if not _is_connection(value)}
    if parent_id is not None:
        line["__parentId"] = parent_id
    own.append(line)
    for value in node.values():
        if _is_connection(value):
            for edge in value["edges"]:
                _flatten(edge["node"], node["id"], children, children)


def _is_connection(value: object) -> bool:
    return isinstance(value, dict) and "edges" in value


def _refuse_other_roots(document: DocumentNode) -> None:
    operations = [
        node for node in document.definitions if isinstance(node, OperationDefinitionNode)
    ]
    if len(operations) != 1 or operations[0].operation is not OperationType.QUERY:
        raise BulkRefused("Bulk queries must contain a single query.")
    roots = operations[0].selection_set.selections
    if len(roots) != 1 or not isinstance(roots[0], FieldNode):
        raise BulkRefused("Bulk queries must have a single top-level field.")
    if roots[0].name.value in ("node", "nodes"):
        raise BulkRefused("The top-level fields node and nodes can't be used in bulk queries.")


class _Connections(Visitor):
    """Counts connections, refuses what Shopify refuses, and asks each for whole pages."""

    def __init__(self, info: TypeInfo) -> None:
        super().__init__()
        self.found = 0
        self._info = info
        self._kinds: list[str] = []
        """For each field that we are inside: connection, list or nothing of these."""

    def enter_operation_definition(
        self, node: OperationDefinitionNode, *_: object
    ) -> OperationDefinitionNode:
        """Give the query the variable that says where a page begins."""
        definition = VariableDefinitionNode(
            variable=VariableNode(name=NameNode(value="bulkAfter")),
            type=NamedTypeNode(name=NameNode(value="String")),
            directives=(),
        )
        known = node.variable_definitions or ()
        return replace(node, variable_definitions=(*known, definition))

    def enter_fragment_definition(self, _node: FragmentDefinitionNode, *_: object) -> None:
        """Fragments begin at no depth; the store's own are flat."""
        self._kinds.clear()

    def enter_field(self, node: FieldNode, *_: object) -> FieldNode | None:
        """Judge a field by its type; return what is asked in its place, if anything."""
        kind = self._info.get_type()
        name = getattr(get_named_type(kind), "name", "") if kind else ""
        if name.endswith("Connection"):
            return self._enter_connection(node)
        if is_list_type(get_nullable_type(kind)) and node.selection_set is not None:
            # A connection's own edges are a list too.
            edges = node.name.value in ("edges", "nodes")
            self._kinds.append("" if edges else "list")
        else:
            self._kinds.append("")
        return None

    def leave_field(self, *_: object) -> None:
        """Leave a field."""
        self._kinds.pop()

    def _enter_connection(self, node: FieldNode) -> FieldNode:
        depth = self._kinds.count("connection")
        if "list" in self._kinds:
            raise BulkRefused(
                "Queries that contain a connection field within a list field are not supported: "
                + node.name.value
            )
        if depth > DEPTH_MAX:
            raise BulkRefused(f"Connections can't be nested more than {DEPTH_MAX} levels deep.")
        self.found += 1
        self._kinds.append("connection")
        return _asking_for_whole_pages(node, root=depth == 0)


def _asking_for_whole_pages(node: FieldNode, *, root: bool) -> FieldNode:
    """Return the connection with `first`, whatever was asked for; the root is walked to its end."""
    if "edges" not in {each.name.value for each in _fields(node.selection_set)}:
        raise BulkRefused("Bulk queries ask for the edges of a connection and their nodes.")
    _refuse_nameless_parents(node)
    paging = ("first", "after", "last", "before")
    kept = [each for each in node.arguments or () if each.name.value not in paging]
    first = IntValueNode(value=str(MAX_PAGE))
    kept.append(ArgumentNode(name=NameNode(value="first"), value=first))
    if not root:
        return replace(node, arguments=tuple(kept))
    after = VariableNode(name=NameNode(value="bulkAfter"))
    kept.append(ArgumentNode(name=NameNode(value="after"), value=after))
    selections = (*_selections(node.selection_set), *_selections(_page_info()))
    return replace(
        node, arguments=tuple(kept), selection_set=SelectionSetNode(selections=selections)
    )


def _refuse_nameless_parents(node: FieldNode) -> None:
    for edges in _fields(node.selection_set):
        for inner in _fields(edges.selection_set):
            if inner.name.value == "node" and not any(
                field.name.value == "id" for field in _fields(inner.selection_set)
            ):
                raise BulkRefused(
                    "The parent 'node' field for a nested connection must select the 'id' field: "
                    + node.name.value
                )


def _page_info() -> SelectionSetNode:
    definition = parse("{ pageInfo { hasNextPage endCursor } }").definitions[0]
    assert isinstance(definition, OperationDefinitionNode)  # noqa: S101 - as written above
    return definition.selection_set


def _selections(selection: SelectionSetNode | None) -> tuple[SelectionNode, ...]:
    return tuple(selection.selections) if selection else ()


def _fields(selection: SelectionSetNode | None) -> list[FieldNode]:
    return [each for each in _selections(selection) if isinstance(each, FieldNode)]
