"""Companies that buy from the shop, and the customers who buy for them."""

from dataclasses import dataclass
from datetime import datetime

from devstore.store.clock import Clock
from devstore.store.codec import decode, encode
from devstore.store.database import Database
from devstore.store.events import Events

FIRST_COMPANY_ID = 5_300_001
FIRST_CONTACT_ID = 8_800_001


@dataclass(frozen=True)
class Company:
    """One company."""

    id: int
    name: str
    created_at: datetime

    @property
    def gid(self) -> str:
        """The company's global id."""
        return f"gid://shopify/Company/{self.id}"

    @property
    def location_id(self) -> int:
        """The company's one location."""
        return self.id + 4


@dataclass(frozen=True)
class Contact:
    """One customer who buys for a company."""

    id: int
    company: Company
    customer_id: int
    created_at: datetime

    @property
    def gid(self) -> str:
        """The contact's global id."""
        return f"gid://shopify/CompanyContact/{self.id}"


class Companies:
    """The tables of companies and their contacts."""

    def __init__(self, database: Database, clock: Clock, events: Events) -> None:
        self._database = database
        self._clock = clock
        self._events = events

    def all(self) -> list[Company]:
        """Return all companies, the oldest first."""
        rows = self._database.rows("SELECT document FROM company ORDER BY id")
        return [decode(Company, row["document"]) for row in rows]

    def named(self, name: str) -> Company:
        """Return the company of this name, making it the first time."""
        with self._database.transaction() as connection:
            for company in self.all():
                if company.name.casefold() == name.strip().casefold():
                    return company
            company_id = self._database.next_id("company", FIRST_COMPANY_ID, 7)
            company = Company(company_id, name.strip(), self._clock.now())
            connection.execute("INSERT INTO company VALUES (?, ?)", (company.id, encode(company)))
        return company

    def contacts_of(self, customer_id: int) -> list[Contact]:
        """Return what the customer is to companies."""
        rows = self._database.rows(
            "SELECT document FROM company_contact WHERE customer_id = ? ORDER BY id", customer_id
        )
        return [decode(Contact, row["document"]) for row in rows]

    def contacts(self, company_id: int) -> list[Contact]:
        """Return who buys for a company."""
        rows = self._database.rows("SELECT document FROM company_contact ORDER BY id")
        found = [decode(Contact, row["document"]) for row in rows]
        return [contact for contact in found if contact.company.id == company_id]

    def join(self, customer_id: int, name: str) -> Contact:
        """Let the customer buy for a company and announce it; again changes nothing."""
        with self._database.transaction() as connection:
            company = self.named(name)
            for contact in self.contacts_of(customer_id):
                if contact.company.id == company.id:
                    return contact
            contact_id = self._database.next_id("company_contact", FIRST_CONTACT_ID, 7)
            contact = Contact(contact_id, company, customer_id, self._clock.now())
            connection.execute(
                "INSERT INTO company_contact VALUES (?, ?, ?)",
                (contact.id, customer_id, encode(contact)),
            )
            self._events.announce("company_contacts/create", contact)
        return contact

    def leave_all(self, customer_id: int) -> None:
        """Let the customer buy for themselves only and announce each company left."""
        with self._database.transaction() as connection:
            for contact in self.contacts_of(customer_id):
                connection.execute("DELETE FROM company_contact WHERE id = ?", (contact.id,))
                self._events.announce("company_contacts/delete", contact)
