"""Reads the tags and companies of customers whom a tier may be for, and lets their tiers follow."""

from collections.abc import Mapping, Sequence

from sqlalchemy.orm import Session

from app.clock import utc_now
from app.container import Container
from app.db.queries.customer_marks import (
    drop_wanted,
    known_values,
    marked_customers,
    wanted_marks,
)
from app.db.rulebook import load_tiers
from app.db.session import Tenant
from app.domain.tiers import TierLevel
from app.flows.shop_access import runner
from app.flows.shop_tenant import shop_tenant
from app.services.mark_customers import MarkKind, mark_customers
from app.services.want_customer_marks import want_customer_marks
from app.shopify.client import Run
from app.shopify.customer_marks import (
    CUSTOMERS_A_CALL_MAX,
    CustomerMarks,
    fetch_marks,
    find_contacts,
    find_tagged,
)


def read_customer_marks(parts: Container, shop_id: int) -> int:
    """Read whom it was asked for, and return how many that were.

    What a customer carries is read from the customer, not from what a webhook told of it, so that
    webhooks may come late, twice or in any order. Raises app.shopify.errors.
    """
    tenant, run = shop_tenant(parts, shop_id), runner(parts, shop_id)
    done = 0
    while True:
        with parts.database.tenant(tenant) as session:
            levels = load_tiers(session, tenant.program_id or 0)
            wanted = wanted_marks(session, shop_id, CUSTOMERS_A_CALL_MAX)
        if not wanted:
            return done
        companies = any(level.entry == "company" for level in levels)
        read = fetch_marks(run, [customer_id for customer_id, _ in wanted], companies=companies)
        with parts.database.tenant(tenant) as session:
            changed = sum(
                _mark(session, tenant, kind, value, read)
                for kind, value in _values(session, shop_id, levels, read)
            )
            drop_wanted(session, shop_id, wanted)
            if changed:
                parts.jobs.enqueue("push_member_metafields", session, program_id=tenant.program_id)
        done += len(wanted)


def look_for_marked(
    parts: Container, tenant: Tenant, run: Run, levels: Sequence[TierLevel]
) -> None:
    """Find whom tiers by tag or company are for, and those for whom they no longer are.

    They are only noted: each is then read on its own, as Shopify's search may be behind.
    """
    shop_id = tenant.shop_id or 0
    found: dict[tuple[MarkKind, str], set[int]] = {}
    for level in levels:
        if level.entry == "tag" and level.entry_value:
            found["tag", level.entry_value.lower()] = find_tagged(run, level.entry_value)
    contacts = find_contacts(run) if any(each.entry == "company" for each in levels) else set()
    with parts.database.tenant(tenant) as session:
        wanted: set[int] = set()
        for (kind, value), customer_ids in found.items():
            wanted |= customer_ids ^ marked_customers(session, shop_id, kind, value)
        known: set[int] = set()
        for value in known_values(session, shop_id, "company"):
            known |= marked_customers(session, shop_id, "company", value)
        wanted |= contacts ^ known
        want_customer_marks(session, shop_id=shop_id, customer_ids=wanted, now=utc_now())
        if wanted:
            parts.jobs.enqueue("read_customer_marks", session, shop_id=shop_id)


def _values(
    session: Session, shop_id: int, levels: Sequence[TierLevel], read: Mapping[int, CustomerMarks]
) -> list[tuple[MarkKind, str]]:
    """Return the tags and companies that these customers may have begun or ceased to have."""
    tags = {
        level.entry_value.lower() for level in levels if level.entry == "tag" and level.entry_value
    }
    companies = known_values(session, shop_id, "company")
    companies |= {company for marks in read.values() for company in marks.companies}
    return [
        *(("tag", tag) for tag in sorted(tags | known_values(session, shop_id, "tag"))),
        *(("company", company) for company in sorted(companies)),
    ]


def _mark(
    session: Session,
    tenant: Tenant,
    kind: MarkKind,
    value: str,
    read: Mapping[int, CustomerMarks],
) -> int:
    known = marked_customers(session, tenant.shop_id or 0, kind, value)
    carry = {
        customer_id
        for customer_id, marks in read.items()
        if value in (marks.tags if kind == "tag" else marks.companies)
    }
    wanted = (known - read.keys()) | carry
    if wanted == known:
        return 0
    return mark_customers(
        session,
        shop_id=tenant.shop_id or 0,
        program_id=tenant.program_id or 0,
        kind=kind,
        value=value,
        customer_ids=wanted,
        now=utc_now(),
    )
