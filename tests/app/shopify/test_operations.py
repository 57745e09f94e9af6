"""Every operation that the app sends is valid against Shopify's own schema."""

import gzip
import json
import os
from pathlib import Path

import pytest
from graphql import GraphQLSchema, build_client_schema, parse, validate

from app.shopify.operations import API_VERSION, is_query, operation_names, operation_text

ROOT = Path(__file__).parents[3]
PLACES = [ROOT / "node_modules", Path(os.environ.get("SHOPIFY_DEV_MCP", "/nowhere"))]
DATA = f"@shopify/dev-mcp/dist/data/admin_{API_VERSION}.json.gz"


@pytest.fixture(scope="session")
def shopify_schema() -> GraphQLSchema:
    path = next((place / DATA for place in PLACES if (place / DATA).exists()), None)
    if path is None:
        pytest.skip("Shopify's schema is not here: script/test fetches @shopify/dev-mcp.")
    introspection = json.loads(gzip.decompress(path.read_bytes()))
    return build_client_schema(introspection.get("data", introspection), assume_valid=True)


@pytest.mark.parametrize("name", operation_names())
def test_operation_is_valid_against_shopifys_schema(name, shopify_schema):
    assert validate(shopify_schema, parse(operation_text(name))) == []


def test_queries_are_told_from_mutations():
    assert is_query("shop_facts")
    assert not is_query("set_metafields")
