"""Shopify's token endpoint and Admin GraphQL, for the one shop."""

from flask import Blueprint

from devstore.admin_api.bucket import CostBucket
from devstore.admin_api.bulk_operations import BulkOperations
from devstore.admin_api.bulk_routes import add_bulk_routes
from devstore.admin_api.faults import Faults, add_fault_routes
from devstore.admin_api.graphql_endpoint import add_graphql_route
from devstore.admin_api.token_endpoint import add_token_route
from devstore.services import Services


def blueprint(services: Services) -> Blueprint:
    """Return the routes of the token endpoint, the Admin API and its fault switch."""
    routes = Blueprint("admin_api", __name__)
    faults = Faults()
    bulk = BulkOperations(services.store, services.settings.data / "bulk")
    add_token_route(routes, services.store)
    bucket = CostBucket(services.store.shop.plan)
    add_graphql_route(routes, services.store, bucket, faults, bulk)
    add_bulk_routes(routes, bulk)
    add_fault_routes(routes, faults)
    return routes
