"""Customers as the Admin API shows them."""

from typing import Any

from devstore.admin_api.connections import list_connection
from devstore.admin_api.given_money_view import accounts_of
from devstore.admin_api.metafield_view import metafield_resolver, metafields_resolver
from devstore.admin_api.values import moment, money
from devstore.store.customers import Customer
from devstore.store.store import Store

View = dict[str, Any]


def customer_view(store: Store, customer: Customer) -> View:
    """Return a Customer."""
    address = {"emailAddress": customer.email} if customer.email else None
    return {
        "__typename": "Customer",
        "id": customer.gid,
        "legacyResourceId": str(customer.id),
        "firstName": customer.first_name or None,
        "lastName": customer.last_name or None,
        "displayName": customer.name,
        "email": customer.email,
        "defaultEmailAddress": address,
        "locale": customer.locale,
        "note": customer.note,
        "tags": list(customer.tags),
        "companyContactProfiles": lambda _info: contact_views(store, customer),
        "state": customer.state.upper(),
        "verifiedEmail": customer.state == "enabled",
        "createdAt": moment(customer.created_at),
        "updatedAt": moment(customer.updated_at),
        "numberOfOrders": lambda _info: str(store.orders.count(customer.id)),
        "amountSpent": lambda _info: _amount_spent(store, customer),
        "orders": lambda info, **arguments: _orders(store, customer, info, arguments),
        "storeCreditAccounts": lambda info, **arguments: list_connection(
            accounts_of(store, customer.id)
        )(info, **arguments),
        "metafield": metafield_resolver(store, customer.gid),
        "metafields": metafields_resolver(store, customer.gid),
    }


def contact_views(store: Store, customer: Customer) -> list[View]:
    """Return what the customer is to companies."""
    return [
        {
            "id": contact.gid,
            "company": {"id": contact.company.gid, "name": contact.company.name},
        }
        for contact in store.companies.contacts_of(customer.id)
    ]


def _amount_spent(store: Store, customer: Customer) -> View:
    orders = store.orders.all(limit=100_000, customer_id=customer.id)
    spent = sum(order.paid_minor - order.refunded_minor for order in orders)
    return money(spent, store.shop.currency)


def _orders(store: Store, customer: Customer, info: Any, arguments: dict[str, Any]) -> View:  # noqa: ANN401 - GraphQL's
    own = f"customer_id:{customer.id} {arguments.pop('query', None) or ''}"
    result: View = info.root_value["orders"](info, query=own, **arguments)
    return result
