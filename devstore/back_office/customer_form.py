"""What the merchant typed about a customer, and what is wrong with it."""

import re
from dataclasses import dataclass, field

from werkzeug.datastructures import MultiDict

from devstore.store.customers import Customer

_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
LOCALES = (("en", "English"), ("th", "ไทย"))


@dataclass
class CustomerForm:
    """The fields of a customer as text, with an error for each that cannot stand."""

    first_name: str = ""
    last_name: str = ""
    email: str = ""
    phone: str = ""
    locale: str = "en"
    tags: str = ""
    note: str = ""
    company: str = ""
    errors: dict[str, str] = field(default_factory=dict)

    def values(self) -> dict[str, object]:
        """Return what a customer record takes."""
        return {
            "first_name": self.first_name,
            "last_name": self.last_name,
            "email": self.email or None,
            "phone": self.phone or None,
            "locale": self.locale,
            "tags": tuple(word.strip() for word in self.tags.split(",") if word.strip()),
            "note": self.note or None,
        }


def blank_or(customer: Customer | None, company: str = "") -> CustomerForm:
    """Return the form of a customer, who may buy for a company, or an empty one."""
    if customer is None:
        return CustomerForm()
    return CustomerForm(
        first_name=customer.first_name,
        last_name=customer.last_name,
        email=customer.email or "",
        phone=customer.phone or "",
        locale=customer.locale,
        tags=", ".join(customer.tags),
        note=customer.note or "",
        company=company,
    )


def read_customer_form(fields: MultiDict[str, str]) -> CustomerForm:
    """Return the submitted form, with its errors."""

    def typed(name: str) -> str:
        return fields.get(name, "").strip()

    form = CustomerForm(
        first_name=typed("first_name"),
        last_name=typed("last_name"),
        email=typed("email"),
        phone=typed("phone"),
        locale=typed("locale"),
        tags=typed("tags"),
        note=typed("note"),
        company=typed("company"),
    )
    if form.locale not in dict(LOCALES):
        form.locale = "en"
    if not (form.first_name or form.last_name or form.email):
        form.errors["first_name"] = "Enter a name or an email, so that the customer can be found"
    if form.email and not _EMAIL.fullmatch(form.email):
        form.errors["email"] = "Enter an email such as mali@example.com"
    return form
