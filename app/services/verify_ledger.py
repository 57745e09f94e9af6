"""Proves a programme's ledger: all that is cached equals what the postings say, and none changed.

A proof is a list of parts that can be done in any order and side by side, as long as all see the
database at one moment: app.flows.prove_ledger spreads them over processes.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from app.db.ledger_checks import CHECKS
from app.db.models import Member, MemberIdentity, Posting
from app.db.rulebook import load_rulebook
from app.db.session import Tenant, name_tenant
from app.domain.discrepancy import Discrepancy
from app.services.verify_awards import AwardProof
from app.services.verify_chain import verify_chains

MOST_REPORTED = 100
"""Of each kind; a ledger that is wrong everywhere is told so often enough."""
POSTINGS_A_PART = 20_000
# Hashes of a million lots fit; PostgreSQL puts what does not on disk.
MEMORY = "64MB"


class Part(NamedTuple):
    """A check over the whole programme by its name, or all that is proved of some members."""

    check: str = ""
    first: int = 0
    last: int = 0
    """Ids of the first and the last member."""
    postings: int = 0
    """About how many; a check has none."""


@dataclass(kw_only=True)
class Found:
    """What one part found, or all of them."""

    postings: int = 0
    awards: int = 0
    discrepancies: list[Discrepancy] = field(default_factory=list)

    def add(self, other: "Found") -> None:
        """Take in what another part found."""
        self.postings += other.postings
        self.awards += other.awards
        self.discrepancies += other.discrepancies


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What a proof has to look at."""

    program_id: int
    shop_ids: Sequence[int]
    parts: Sequence[Part]
    postings: int
    """How many there are in the table, whoever they say they belong to."""
    last_posting_id: int


def verify_ledger(session: Session, *, program_id: int, ledger_key: bytes) -> list[Discrepancy]:
    """Return everything wrong with the programme's ledger; an empty list proves it.

    One snapshot of the database is looked at, whatever is posted meanwhile, when the session's
    transaction is repeatable read. Afterwards the session's tenant is the programme alone.
    """
    plan = plan_proof(session, program_id)
    found = Found()
    for part in plan.parts:
        found.add(do_part(session, plan, part, ledger_key))
    return sum_up(plan, found)


def plan_proof(session: Session, program_id: int) -> Plan:
    """Return the parts of a proof, those that take longest first."""
    shop_ids = session.scalars(
        select(MemberIdentity.shop_id)
        .where(MemberIdentity.program_id == program_id)
        .distinct()
        .order_by(MemberIdentity.shop_id)
    ).all()
    postings, last_posting_id = session.execute(
        select(func.count(), func.coalesce(func.max(Posting.id), 0)).where(
            Posting.program_id == program_id
        )
    ).one()
    parts = [Part(check=check) for check in CHECKS]
    parts += _parts_by_members(session, program_id)
    return Plan(
        program_id=program_id,
        shop_ids=shop_ids,
        parts=parts,
        postings=postings,
        last_posting_id=last_posting_id,
    )


def do_part(session: Session, plan: Plan, part: Part, ledger_key: bytes) -> Found:
    """Do one part; a part is short of memory whatever the ledger's size."""
    if part.check:
        return _run_check(session, plan.program_id, part.check)
    # The streams read by index, in the order of members; whole tables are for the checks.
    _set(session, enable_nestloop="on", enable_seqscan="off", cursor_tuple_fraction="1")
    count, discrepancies = verify_chains(
        session,
        program_id=plan.program_id,
        first=part.first,
        last=part.last,
        ledger_key=ledger_key,
    )
    found = Found(postings=count, discrepancies=discrepancies)
    proof = AwardProof(session=session, rulebook=load_rulebook(session, plan.program_id))
    results = [proof.of_other_sources(first=part.first, last=part.last)]
    for shop_id in plan.shop_ids:
        name_tenant(session, Tenant(program_id=plan.program_id, shop_id=shop_id))
        results.append(proof.of_orders(shop_id, first=part.first, last=part.last))
    name_tenant(session, Tenant(program_id=plan.program_id))
    for awards, wrong in results:
        found.add(Found(awards=awards, discrepancies=wrong[:MOST_REPORTED]))
    return found


def sum_up(plan: Plan, found: Found) -> list[Discrepancy]:
    """Return what all parts found, of each kind no more than is of use, in a steady order."""
    if found.postings != plan.postings:
        found.discrepancies.append(
            Discrepancy(
                what="strays", where="", expected=str(plan.postings), found=str(found.postings)
            )
        )
    kept: dict[str, list[Discrepancy]] = {}
    for each in found.discrepancies:
        kept.setdefault(each.what, []).append(each)
    return [
        each
        for what in sorted(kept)
        for each in sorted(kept[what], key=lambda each: each.where)[:MOST_REPORTED]
    ]


def _run_check(session: Session, program_id: int, check: str) -> Found:
    # Joins of whole tables: on statistics older than a replay, nested loops would take hours.
    _set(session, enable_nestloop="off", enable_seqscan="on", cursor_tuple_fraction="0.1")
    rows = session.execute(
        text(f"{CHECKS[check]} limit {MOST_REPORTED}"), {"program_id": program_id}
    )
    return Found(
        discrepancies=[
            Discrepancy(what=check, where=row.place, expected=row.expected, found=row.found)
            for row in rows
        ]
    )


def _set(session: Session, **settings: str) -> None:
    """Set what PostgreSQL may do, until the transaction ends."""
    settings |= {"work_mem": MEMORY, "max_parallel_workers_per_gather": "0", "jit": "off"}
    for name, value in settings.items():
        session.execute(
            text("select set_config(:name, :value, true)"), {"name": name, "value": value}
        )


def _parts_by_members(session: Session, program_id: int) -> list[Part]:
    """Split the members, by their ids, into parts of about equally many postings."""
    before = func.sum(Member.posting_count + 1).over(order_by=Member.id)
    numbered = (
        select(
            Member.id,
            Member.posting_count,
            (before / POSTINGS_A_PART).label("part"),
        )
        .where(Member.program_id == program_id)
        .subquery()
    )
    part = func.floor(numbered.c.part)
    rows = session.execute(
        select(func.min(numbered.c.id), func.max(numbered.c.id), func.sum(numbered.c.posting_count))
        .group_by(part)
        .order_by(part)
    )
    return [Part(first=row[0], last=row[1], postings=int(row[2])) for row in rows]
