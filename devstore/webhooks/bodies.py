"""The body of every webhook: which payload belongs to which topic."""

from collections.abc import Callable
from typing import Any

import orjson

from devstore.store.companies import Contact
from devstore.store.customer_tags import TagsEvent
from devstore.store.customers import Customer, MergeEvent
from devstore.store.editing import OrderEdit
from devstore.store.installation import ScopesEvent
from devstore.store.order import Order
from devstore.store.orders import EditEvent, Orders, RefundEvent
from devstore.store.shop import Shop
from devstore.webhooks.bulk_payload import finish_payload
from devstore.webhooks.customer_payload import customer_payload
from devstore.webhooks.order_payload import order_payload
from devstore.webhooks.payload_values import Json, Values
from devstore.webhooks.refund_payload import refund_payload

FindCustomer = Callable[[int], Customer | None]


class Bodies:
    """Builds bodies from what changed; callable as the store's `Payloads`."""

    def __init__(self, shop: Shop, find_customer: FindCustomer, orders: Orders) -> None:
        self._shop = shop
        self._find_customer = find_customer
        self._orders = orders
        self._values = Values(shop.currency, shop.zone)
        self._by_topic: dict[str, Callable[[Any], Json]] = {
            "orders/delete": lambda order: {"id": order.id},
            "orders/edited": self._order_edit,
            "refunds/create": self._refund,
            "customers/delete": self._deleted_customer,
            "customers/merge": self._merge,
            "customers/data_request": self._data_request,
            "customers/redact": self._redact,
            "shop/redact": lambda _shop: self._shop_names(),
            "app/scopes_update": self._scopes,
            "customer.tags_added": self._tags,
            "customer.tags_removed": self._tags,
            "company_contacts/create": self._contact,
            "company_contacts/delete": self._contact,
            "bulk_operations/finish": lambda operation: finish_payload(operation, self._values),
        }

    def __call__(self, topic: str, subject: object) -> bytes:
        """Return the JSON body of a webhook."""
        build = self._by_topic.get(topic)
        return orjson.dumps(build(subject) if build else self._whole(subject))

    def _whole(self, subject: object) -> Json:
        if isinstance(subject, Order):
            return self._order(subject)
        if isinstance(subject, Customer):
            return customer_payload(subject, self._values)
        if isinstance(subject, Shop):
            return self._shop_payload(subject)
        raise TypeError(type(subject))

    def _order(self, order: Order) -> Json:
        customer = None if order.customer_id is None else self._find_customer(order.customer_id)
        return order_payload(order, customer, self._values, self._shop.name, self._shop.domain)

    def _refund(self, event: RefundEvent) -> Json:
        return refund_payload(event.order, event.refund, self._values, self._shop.name)

    def _order_edit(self, event: EditEvent) -> Json:
        return {"order_edit": _order_edit(event.edit, self._values)}

    def _deleted_customer(self, customer: Customer) -> Json:
        return {
            "id": customer.id,
            "phone": customer.phone,
            "addresses": [],
            "tax_exemptions": [],
            "admin_graphql_api_id": customer.gid,
        }

    def _merge(self, event: MergeEvent) -> Json:
        kept = f"gid://shopify/Customer/{event.kept_id}"
        deleted = f"gid://shopify/Customer/{event.deleted_id}"
        return {
            "admin_graphql_api_customer_kept_id": kept,
            "admin_graphql_api_customer_deleted_id": deleted,
            "admin_graphql_api_job_id": None,
            "status": "completed",
            "errors": [],
        }

    def _shop_names(self) -> Json:
        return {"shop_id": self._shop.id, "shop_domain": self._shop.domain}

    def _data_request(self, customer: Customer) -> Json:
        orders = self._orders.all(limit=1000, customer_id=customer.id)
        return self._shop_names() | {
            "orders_requested": [order.id for order in orders],
            "customer": _named(customer),
            "data_request": {"id": customer.id + 9},
        }

    def _redact(self, customer: Customer) -> Json:
        orders = self._orders.all(limit=1000, customer_id=customer.id)
        return self._shop_names() | {
            "customer": _named(customer),
            "orders_to_redact": [order.id for order in orders],
        }

    def _scopes(self, event: ScopesEvent) -> Json:
        return {
            "id": self._shop.id,
            "previous": list(event.previous),
            "current": list(event.current),
            "updated_at": None,
        }

    def _tags(self, event: TagsEvent) -> Json:
        return {
            "customerId": event.customer_gid,
            "tags": list(event.tags),
            "occurredAt": event.occurred_at.isoformat().replace("+00:00", "Z"),
        }

    def _contact(self, contact: Contact) -> Json:
        company = contact.company
        since = self._values.time(company.created_at)
        return {
            "customer_admin_graphql_api_id": f"gid://shopify/Customer/{contact.customer_id}",
            "title": None,
            "locale": "en",
            "created_at": self._values.time(contact.created_at),
            "updated_at": self._values.time(contact.created_at),
            "admin_graphql_api_id": contact.gid,
            "company": {
                "name": company.name,
                "note": None,
                "external_id": None,
                "main_contact_admin_graphql_api_id": None,
                "created_at": since,
                "updated_at": since,
                "customer_since": since,
                "admin_graphql_api_id": company.gid,
            },
        }

    def _shop_payload(self, shop: Shop) -> Json:
        return {
            "id": shop.id,
            "name": shop.name,
            "email": shop.email,
            "domain": shop.domain,
            "myshopify_domain": shop.domain,
            "country": shop.country_code,
            "country_code": shop.country_code,
            "currency": shop.currency,
            "timezone": f"(GMT+07:00) {shop.timezone}",
            "iana_timezone": shop.timezone,
            "plan_name": shop.plan.lower(),
            "plan_display_name": shop.plan,
            "primary_locale": shop.locales[0],
            "taxes_included": shop.taxes_included,
            "created_at": self._values.time(shop.created_at),
        }


def _named(customer: Customer) -> Json:
    return {"id": customer.id, "email": customer.email, "phone": customer.phone}


def _order_edit(edit: OrderEdit, values: Values) -> Json:
    return {
        "id": edit.id,
        "app_id": None,
        "created_at": values.time(edit.created_at),
        "committed_at": values.time(edit.created_at),
        "notify_customer": False,
        "order_id": edit.order_id,
        "staff_note": "",
        "user_id": None,
        "line_items": {
            "additions": [{"id": line_id, "delta": delta} for line_id, delta in edit.additions],
            "removals": [{"id": line_id, "delta": delta} for line_id, delta in edit.removals],
        },
        "discounts": {"line_item": {"additions": [], "removals": []}},
        "shipping_lines": {"additions": [], "removals": []},
    }
