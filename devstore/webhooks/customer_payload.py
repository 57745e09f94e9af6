"""The payload of customers/*."""

from devstore.store.customers import Customer
from devstore.webhooks.payload_values import Json, Values


def customer_payload(customer: Customer, values: Values) -> Json:
    """Return a customer; since 2025-01 without tags and consent."""
    return {
        "id": customer.id,
        "created_at": values.time(customer.created_at),
        "updated_at": values.time(customer.updated_at),
        "first_name": customer.first_name or None,
        "last_name": customer.last_name or None,
        "state": customer.state,
        "note": customer.note,
        "verified_email": customer.state == "enabled",
        "multipass_identifier": None,
        "tax_exempt": False,
        "email": customer.email,
        "phone": customer.phone,
        "currency": values.currency,
        "addresses": [],
        "tax_exemptions": [],
        "admin_graphql_api_id": customer.gid,
        "default_address": address(customer) | {"id": customer.id + 1, "default": True},
    }


def address(customer: Customer) -> Json:
    """Return where a customer lives: an address of the development store's own."""
    return {
        "first_name": customer.first_name or None,
        "last_name": customer.last_name or None,
        "name": customer.name,
        "company": None,
        "address1": "99/1 Thanon Nimmanhaemin",
        "address2": "Tambon Suthep",
        "city": "Mueang Chiang Mai",
        "province": "Chiang Mai",
        "province_code": "TH-50",
        "country": "Thailand",
        "country_code": "TH",
        "country_name": "Thailand",
        "zip": "50200",
        "phone": customer.phone or "+66 53 555 0100",
        "latitude": 18.7953,
        "longitude": 98.9673,
        "customer_id": customer.id,
    }
