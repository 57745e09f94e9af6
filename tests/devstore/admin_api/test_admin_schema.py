"""The development store's schema is a part of Shopify's own: same names, same types."""

import gzip
import json
import os
from pathlib import Path
from typing import Any

import pytest
from graphql import introspection_from_schema

from devstore.admin_api.admin_schema import admin_schema

ROOT = Path(__file__).parents[3]
PACKAGE = Path("@shopify/dev-mcp/dist/data/admin_2026-10.json.gz")
PLACES = [ROOT / "node_modules", Path(os.environ.get("SHOPIFY_DEV_MCP", "/nowhere"))]


def by_name(items: list[dict[str, Any]] | None) -> dict[str, dict[str, Any]]:
    return {item["name"]: item for item in items or ()}


@pytest.fixture(scope="module")
def shopify_types() -> dict[str, dict[str, Any]]:
    found = next((place / PACKAGE for place in PLACES if (place / PACKAGE).exists()), None)
    if found is None:
        pytest.skip("the npm package @shopify/dev-mcp, which holds Shopify's schema, is not here")
    return by_name(json.loads(gzip.decompress(found.read_bytes()))["data"]["__schema"]["types"])


@pytest.fixture(scope="module")
def own_types() -> dict[str, dict[str, Any]]:
    types = by_name(introspection_from_schema(admin_schema())["__schema"]["types"])
    return {name: kind for name, kind in types.items() if not name.startswith("__")}


def type_text(reference: dict[str, Any]) -> str:
    if reference["kind"] == "NON_NULL":
        return type_text(reference["ofType"]) + "!"
    if reference["kind"] == "LIST":
        return f"[{type_text(reference['ofType'])}]"
    return reference["name"]


def test_every_type_is_shopifys(shopify_types, own_types):
    differences = [
        name
        for name, kind in own_types.items()
        if name not in shopify_types or shopify_types[name]["kind"] != kind["kind"]
    ]

    assert differences == []


def test_every_field_and_argument_is_shopifys_with_its_type(shopify_types, own_types):
    differences = []
    for name, kind in own_types.items():
        theirs = by_name(shopify_types[name]["fields"]) | by_name(
            shopify_types[name]["inputFields"]
        )
        for field in (kind["fields"] or []) + (kind["inputFields"] or []):
            their_field = theirs.get(field["name"])
            if their_field is None or type_text(their_field["type"]) != type_text(field["type"]):
                differences.append(f"{name}.{field['name']}")
                continue
            their_arguments = by_name(their_field.get("args"))
            for argument in field.get("args") or ():
                their = their_arguments.get(argument["name"])
                if their is None or type_text(their["type"]) != type_text(argument["type"]):
                    differences.append(f"{name}.{field['name']}({argument['name']})")

    assert differences == []


def test_every_enum_value_and_union_member_is_shopifys(shopify_types, own_types):
    differences = []
    for name, kind in own_types.items():
        for part in ("enumValues", "possibleTypes"):
            theirs = by_name(shopify_types[name][part])
            mine = by_name(kind[part])
            differences += [f"{name}.{value}" for value in mine if value not in theirs]

    assert differences == []


def test_an_argument_that_shopify_requires_is_not_left_out(shopify_types, own_types):
    missing = []
    for name, kind in own_types.items():
        theirs = by_name(shopify_types[name]["fields"])
        for field in kind["fields"] or ():
            given = by_name(field["args"])
            missing += [
                f"{name}.{field['name']}({argument['name']})"
                for argument in theirs[field["name"]]["args"]
                if argument["type"]["kind"] == "NON_NULL"
                and argument["defaultValue"] is None
                and argument["name"] not in given
            ]

    assert missing == []
