"""What customers are to tiers: their tags, and the companies that they buy for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.shopify.client import Run
from app.shopify.errors import AccessDenied

CUSTOMERS_A_CALL_MAX = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerMarks:
    """One customer's tags in lower case, and companies by number."""

    tags: frozenset[str] = frozenset()
    companies: frozenset[str] = frozenset()


def fetch_marks(
    run: Run, customer_ids: Sequence[int], *, companies: bool
) -> dict[int, CustomerMarks]:
    """Return what up to 50 customers carry now; who is gone carries nothing.

    Companies only where they are asked for: a shop without B2B may not let them be read, and its
    customers have none.
    """
    variables = {"ids": [_gid(each) for each in customer_ids], "companies": companies}
    try:
        nodes = run("customer_marks", variables)["nodes"]
    except AccessDenied:
        if not companies:
            raise
        nodes = run("customer_marks", variables | {"companies": False})["nodes"]
    return {
        customer_id: CustomerMarks(
            tags=frozenset(tag.lower() for tag in node["tags"]),
            companies=frozenset(
                contact["company"]["id"].rpartition("/")[2]
                for contact in node.get("companyContactProfiles", ())
            ),
        )
        if node
        else CustomerMarks()
        for customer_id, node in zip(customer_ids, nodes, strict=True)
    }


def find_tagged(run: Run, tag: str) -> set[int]:
    """Return the customers whom Shopify's search finds by a tag; it may be minutes behind."""
    quoted = tag.replace("\\", "\\\\").replace("'", "\\'")
    found: set[int] = set()
    after = None
    while True:
        page = run("tagged_customers", {"query": f"tag:'{quoted}'", "after": after})["customers"]
        found |= {int(node["legacyResourceId"]) for node in page["nodes"]}
        if not page["pageInfo"]["hasNextPage"]:
            return found
        after = page["pageInfo"]["endCursor"]


def find_contacts(run: Run) -> set[int]:
    """Return the customers who buy for a company; none in a shop without B2B."""
    found: set[int] = set()
    after = None
    while True:
        try:
            page = run("company_contacts", {"after": after})["companies"]
        except AccessDenied:
            return found
        for company in page["nodes"]:
            found |= _contacts(run, company)
        if not page["pageInfo"]["hasNextPage"]:
            return found
        after = page["pageInfo"]["endCursor"]


def _contacts(run: Run, company: Mapping[str, Any]) -> set[int]:
    """Return a company's customers: those that came along with it, and the pages after them."""
    found: set[int] = set()
    page = company["contacts"]
    while True:
        found |= {int(each["customer"]["id"].rpartition("/")[2]) for each in page["nodes"]}
        if not page["pageInfo"]["hasNextPage"]:
            return found
        after = page["pageInfo"]["endCursor"]
        fresh = run("contacts_of_company", {"company": company["id"], "after": after})["company"]
        if fresh is None:
            return found
        page = fresh["contacts"]


def _gid(customer_id: int) -> str:
    return f"gid://shopify/Customer/{customer_id}"
