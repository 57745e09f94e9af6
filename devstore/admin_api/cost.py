"""What a query costs.

Shopify does not publish its formula. This one follows its rules (scalars 0, objects 1, mutations
10) and sizes connections logarithmically, which gives the figures Shopify answers for published
queries; plain values such as money and taxes are free.
"""

import math
from collections.abc import Mapping
from typing import Any

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    GraphQLCompositeType,
    GraphQLSchema,
    InlineFragmentNode,
    OperationDefinitionNode,
    OperationType,
    SelectionSetNode,
    get_named_type,
    is_composite_type,
    is_list_type,
    value_from_ast_untyped,
)
from graphql.type import GraphQLObjectType

MAX_COST = 1000
MUTATION_COST = 10
_FREE = {
    "AccessScope",
    "Count",
    "CustomerEmailAddress",
    "DiscountAllocation",
    "DiscountCombinesWith",
    "DiscountUserError",
    "Domain",
    "MetafieldsSetUserError",
    "MoneyBag",
    "MoneyV2",
    "PageInfo",
    "ShopLocale",
    "ShopPlan",
    "TaxLine",
    "UserError",
}
_UNKNOWN: Any = object()


class CostOf:
    """Reckons the cost of one operation, as asked for or as answered."""

    def __init__(
        self,
        schema: GraphQLSchema,
        fragments: Mapping[str, FragmentDefinitionNode],
        variables: Mapping[str, Any],
    ) -> None:
        self._schema = schema
        self._fragments = fragments
        self._variables = dict(variables)

    def operation(self, operation: OperationDefinitionNode, data: Any = _UNKNOWN) -> int:  # noqa: ANN401 - JSON
        """Return the cost as requested or, given the answer's data, the actual cost."""
        root = self._schema.get_root_type(operation.operation)
        if root is None:
            return 0
        if operation.operation is OperationType.MUTATION:
            return MUTATION_COST * len(self._fields(operation.selection_set))
        return math.ceil(self._selection(operation.selection_set, root, data))

    def _selection(
        self,
        selection: SelectionSetNode,
        parent: GraphQLCompositeType,
        data: Any,  # noqa: ANN401 - JSON
    ) -> float:
        fields = self._fields(selection, parent)
        return sum(self._field(node, owner, data) for node, owner in fields)

    def _field(self, node: FieldNode, parent: GraphQLCompositeType, data: Any) -> float:  # noqa: ANN401 - JSON
        definition = getattr(parent, "fields", {}).get(node.name.value)
        if definition is None or node.selection_set is None:
            return 0
        named = get_named_type(definition.type)
        if not is_composite_type(named):
            return 0
        answer = _UNKNOWN
        if data is not _UNKNOWN:
            key = node.alias.value if node.alias else node.name.value
            answer = data.get(key) if isinstance(data, dict) else None
        if answer is None:
            return 1
        return self._object(node, named, is_list_type(_unwrapped(definition.type)), answer)

    def _object(self, node: FieldNode, named: Any, is_list: bool, answer: Any) -> float:  # noqa: ANN401 - JSON
        assert node.selection_set is not None  # noqa: S101 - only fields with one come here
        own = 0 if named.name in _FREE else 1
        if named.name.endswith("Connection"):
            inner = 1 + self._selection(node.selection_set, named, _one_of(answer))
            return max(1, math.ceil(math.log2(self._size(node, answer) + 1) * inner))
        if named.name.endswith("Edge"):
            return self._selection(node.selection_set, named, _one_of(answer))
        inner = own + self._selection(node.selection_set, named, _one_of(answer))
        if is_list and "ids" in {argument.name.value for argument in node.arguments or ()}:
            return math.log2(self._size(node, answer) + 1) * inner
        return inner

    def _size(self, node: FieldNode, answer: Any) -> int:  # noqa: ANN401 - JSON
        if isinstance(answer, list):
            return len(answer)
        if isinstance(answer, dict):
            return len(answer.get("nodes") or answer.get("edges") or ())
        for argument in node.arguments or ():
            value = value_from_ast_untyped(argument.value, self._variables)
            if argument.name.value == "first":
                return int(value or 0)
            if argument.name.value == "ids":
                return len(value or ())
        return 1

    def _fields(
        self, selection: SelectionSetNode, parent: GraphQLCompositeType | None = None
    ) -> list[tuple[FieldNode, Any]]:
        found: list[tuple[FieldNode, Any]] = []
        for node in selection.selections:
            if isinstance(node, FieldNode):
                found.append((node, parent))
                continue
            fragment: Any = (
                node if isinstance(node, InlineFragmentNode) else self._fragments[node.name.value]  # type: ignore[attr-defined]
            )
            condition = fragment.type_condition
            inner = self._schema.type_map.get(condition.name.value) if condition else parent
            if isinstance(inner, GraphQLObjectType) or inner is not None:
                found += self._fields(fragment.selection_set, inner)  # type: ignore[arg-type]
        return found


def _unwrapped(kind: Any) -> Any:  # noqa: ANN401 - a GraphQL type
    return getattr(kind, "of_type", kind) if not is_list_type(kind) else kind


def _one_of(answer: Any) -> Any:  # noqa: ANN401 - JSON
    """Return what stands for the members of a list: its first, or nothing."""
    if isinstance(answer, list):
        return next((each for each in answer if each is not None), None)
    return answer
