"""The schema the development store answers: its file, its scalars, and who may read what."""

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal, InvalidOperation
from functools import cache
from pathlib import Path
from typing import Any

from graphql import GraphQLError, GraphQLScalarType, GraphQLSchema, build_schema

# Root fields and links that need a scope of their own.
REQUIRED_SCOPES = {
    ("QueryRoot", "orders"): "read_orders",
    ("QueryRoot", "order"): "read_orders",
    ("QueryRoot", "refund"): "read_orders",
    ("QueryRoot", "customers"): "read_customers",
    ("QueryRoot", "customer"): "read_customers",
    ("QueryRoot", "product"): "read_products",
    ("QueryRoot", "collection"): "read_products",
    ("QueryRoot", "collections"): "read_products",
    ("QueryRoot", "codeDiscountNode"): "read_discounts",
    ("QueryRoot", "codeDiscountNodeByCode"): "read_discounts",
    ("Order", "customer"): "read_customers",
    ("Customer", "orders"): "read_orders",
    ("LineItem", "product"): "read_products",
    ("LineItem", "variant"): "read_products",
    ("Mutation", "discountCodeBasicCreate"): "write_discounts",
    ("Mutation", "discountCodeFreeShippingCreate"): "write_discounts",
    ("Mutation", "discountCodeDeactivate"): "write_discounts",
    ("Mutation", "discountCodeDelete"): "write_discounts",
    ("Mutation", "discountAutomaticFreeShippingCreate"): "write_discounts",
    ("Mutation", "discountAutomaticFreeShippingUpdate"): "write_discounts",
    ("Mutation", "discountAutomaticDelete"): "write_discounts",
    ("Mutation", "segmentCreate"): "write_customers",
    ("Mutation", "segmentUpdate"): "write_customers",
    ("Mutation", "segmentDelete"): "write_customers",
    ("QueryRoot", "companies"): "read_customers",
    ("QueryRoot", "company"): "read_customers",
    ("QueryRoot", "segment"): "read_customers",
    ("QueryRoot", "segments"): "read_customers",
    ("QueryRoot", "discountNodes"): "read_discounts",
    ("QueryRoot", "productVariant"): "read_products",
    ("QueryRoot", "giftCard"): "read_gift_cards",
    ("QueryRoot", "giftCards"): "read_gift_cards",
    ("Mutation", "giftCardCreate"): "write_gift_cards",
    ("Mutation", "giftCardDeactivate"): "write_gift_cards",
    ("Customer", "storeCreditAccounts"): "read_store_credit_accounts",
    ("StoreCreditAccount", "transactions"): "read_store_credit_account_transactions",
    ("Mutation", "storeCreditAccountCredit"): "write_store_credit_account_transactions",
    ("Mutation", "storeCreditAccountDebit"): "write_store_credit_account_transactions",
}
NODE_SCOPES = {
    "Order": "read_orders",
    "Customer": "read_customers",
    "Refund": "read_orders",
    "Product": "read_products",
    "ProductVariant": "read_products",
    "Collection": "read_products",
    "GiftCard": "read_gift_cards",
    "StoreCreditAccountCreditTransaction": "read_store_credit_account_transactions",
}


@cache
def admin_schema() -> GraphQLSchema:
    """Return the schema of the files with its scalars checked as Shopify does."""
    folder = Path(__file__).parent
    files = ("schema.graphql", "bulk.graphql", "given_money.graphql")
    schema = build_schema("\n".join((folder / name).read_text() for name in files))
    _set_parser(schema, "DateTime", _parse_moment)
    _set_parser(schema, "Decimal", _parse_decimal)
    _set_parser(schema, "UnsignedInt64", _parse_unsigned)
    return schema


def _set_parser(schema: GraphQLSchema, name: str, parse: Callable[[Any], Any]) -> None:
    scalar = schema.type_map[name]
    assert isinstance(scalar, GraphQLScalarType)  # noqa: S101 - the file says so
    scalar.parse_value = parse  # type: ignore[method-assign, assignment]
    scalar.coerce_input_value = parse


def _parse_moment(value: object) -> datetime:
    try:
        moment = datetime.fromisoformat(str(value))
    except ValueError as problem:
        raise GraphQLError(f"invalid DateTime {value!r}") from problem
    if moment.tzinfo is None:
        raise GraphQLError(f"DateTime {value!r} has no time zone")
    return moment


def _parse_decimal(value: object) -> Decimal:
    try:
        return Decimal(str(value))
    except InvalidOperation as problem:
        raise GraphQLError(f"invalid Decimal {value!r}") from problem


def _parse_unsigned(value: object) -> int:
    text = str(value)
    if not text.isascii() or not text.isdigit():
        raise GraphQLError(f"invalid UnsignedInt64 {value!r}")
    return int(text)


def access_denied(field: str, scope: str) -> GraphQLError:
    """Return the error Shopify answers when a scope is missing."""
    return GraphQLError(
        f"Access denied for {field} field. Required access: `{scope}` access scope.",
        extensions={
            "code": "ACCESS_DENIED",
            "documentation": "https://shopify.dev/api/usage/access-scopes",
            "requiredAccess": f"`{scope}` access scope.",
        },
    )
