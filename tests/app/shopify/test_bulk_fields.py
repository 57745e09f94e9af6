"""The bulk operation asks for all that the other query of orders asks for, but refunds."""

import pytest
from graphql import FieldNode, FragmentSpreadNode, InlineFragmentNode, parse

from app.shopify.operations import operation_text

CONNECTIONS = {"lineItems", "shippingLines"}


def asked(name):
    """Return the paths of plain fields that an operation asks of an order."""
    document = parse(operation_text(name))
    fragments = {
        each.name.value: each for each in document.definitions if each.kind == "fragment_definition"
    }
    [operation] = [each for each in document.definitions if each.kind == "operation_definition"]
    return set(_paths(operation.selection_set, (), fragments))


def _paths(selection, path, fragments):
    for node in selection.selections:
        if isinstance(node, FragmentSpreadNode):
            yield from _paths(fragments[node.name.value].selection_set, path, fragments)
        elif isinstance(node, InlineFragmentNode):
            yield from _paths(node.selection_set, path, fragments)
        elif isinstance(node, FieldNode) and node.name.value != "pageInfo":
            # The two name what a connection holds in different ways.
            inner = node.name.value in ("edges", "node", "nodes", "orders")
            here = path if inner else (*path, node.name.value)
            if node.selection_set is None:
                yield here
            else:
                yield from _paths(node.selection_set, here, fragments)


def test_nothing_that_a_snapshot_needs_is_missing():
    whole, bulk = asked("orders"), asked("order_history")

    # What past orders earn runs from the grant, whenever they were paid.
    apart = {"refunds", "transactions", "originalTotalPriceSet"}
    missing = {path for path in whole - bulk if path[0] not in apart}

    assert missing == set()


@pytest.mark.parametrize("parent", ["", "lineItems", "shippingLines"])
def test_whatever_has_lines_of_its_own_says_who_it_is(parent):
    path = (parent, "id") if parent else ("id",)

    assert path in asked("order_history")
