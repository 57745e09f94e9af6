"""Proves a programme's ledger: all that is cached equals what the postings say, and none changed.

A proof is a list of parts that can be done in any order and side by side, as long as all see the
database at one moment: app.flows.prove_ledger spreads them over processes.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from app.db.bulk import bigints
from app.db.ledger_checks import CHECKS, SUSPECTED, SUSPECTED_AWARDS
from app.db.ledger_streams import LOTS, MEMBERS, POSTINGS, stream
from app.db.models import Member, MemberIdentity
from app.db.rulebook import load_rulebook
from app.domain.discrepancy import Discrepancy
from app.services.verify_awards import AwardProof
from app.services.verify_chain import ChainProof
from app.services.verify_sums import Sums
from app.services.verify_totals import NO_TOTALS, Totals, count_totals, wrong_totals

MOST_REPORTED = 100
"""Of each kind; a ledger that is wrong everywhere is told so often enough."""
POSTINGS_A_PART = 20_000
# Hashes of a million lots fit; PostgreSQL puts what does not on disk.
MEMORY = "64MB"
COUNT = "totals"
"""The part that counts what there is in all."""


class Part(NamedTuple):
    """A check over the whole programme by its name, `COUNT`, or all that is proved of some members."""

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
    lots: int = 0
    suspected: set[str] = field(default_factory=set)
    """Checks of app.db.ledger_checks.SUSPECTED that have to be made."""
    totals: Totals = NO_TOTALS
    """Of the part that counts them."""
    discrepancies: list[Discrepancy] = field(default_factory=list)

    def add(self, other: "Found") -> None:
        """Take in what another part found."""
        self.postings += other.postings
        self.awards += other.awards
        self.lots += other.lots
        self.suspected |= other.suspected
        self.totals = max(self.totals, other.totals)
        self.discrepancies += other.discrepancies


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What a proof has to look at."""

    program_id: int
    shop_ids: Sequence[int]
    parts: Sequence[Part]
    postings: int
    """How many the members count."""


def verify_ledger(session: Session, *, program_id: int, ledger_key: bytes) -> list[Discrepancy]:
    """Return everything wrong with the programme's ledger; an empty list proves it.

    One snapshot of the database is looked at, whatever is posted meanwhile, when the session's
    transaction is repeatable read. Afterwards the session's tenant is the programme alone.
    """
    plan = plan_proof(session, program_id)
    found = Found()
    for part in plan.parts:
        found.add(do_part(session, plan, part, ledger_key))
    return sum_up(session, plan, found)


def plan_proof(session: Session, program_id: int) -> Plan:
    """Return the parts of a proof, those that take longest first."""
    shop_ids = session.scalars(
        select(MemberIdentity.shop_id)
        .where(MemberIdentity.program_id == program_id)
        .distinct()
        .order_by(MemberIdentity.shop_id)
    ).all()
    parts = _parts_by_members(session, program_id)
    return Plan(
        program_id=program_id,
        shop_ids=shop_ids,
        parts=[Part(check=check) for check in (COUNT, *CHECKS)] + parts,
        postings=sum(part.postings for part in parts),
    )


def do_part(session: Session, plan: Plan, part: Part, ledger_key: bytes) -> Found:
    """Do one part; a part is short of memory whatever the ledger's size."""
    if part.check == COUNT:
        _read_whole_tables(session)
        return Found(totals=count_totals(session, plan.program_id))
    if part.check:
        return _run_check(session, plan.program_id, part.check)
    _read_by_index(session)
    sums = Sums()
    found = _prove_postings(session, plan, part, ledger_key, sums)
    _prove_lots(session, sums, found)
    points = _prove_awards(session, plan, part, found)
    wrong = sums.wrong_awards(points)
    if wrong:
        ids = {"program_id": plan.program_id, "ids": bigints(wrong)}
        found.discrepancies += _ask(session, "awards", SUSPECTED_AWARDS, ids)
    return found


def sum_up(session: Session, plan: Plan, found: Found) -> list[Discrepancy]:
    """Return what all parts found, of each kind no more than is of use, in a steady order."""
    if found.lots != found.totals.lots:
        found.suspected.add("lots")
    if found.awards != found.totals.awards:
        found.suspected.add("awards")
    for check in sorted(found.suspected):
        found.add(_run_check(session, plan.program_id, check))
    found.discrepancies += wrong_totals(found.totals, found.postings)
    kept: dict[str, list[Discrepancy]] = {}
    # Two parts may have seen the same award go wrong.
    for each in dict.fromkeys(found.discrepancies):
        kept.setdefault(each.what, []).append(each)
    return [
        each
        for what in sorted(kept)
        for each in sorted(kept[what], key=lambda each: each.where)[:MOST_REPORTED]
    ]


def _run_check(session: Session, program_id: int, check: str) -> Found:
    _read_whole_tables(session)
    query = CHECKS.get(check) or SUSPECTED[check]
    return Found(discrepancies=_ask(session, check, query, {"program_id": program_id}))


def _ask(
    session: Session, check: str, query: str, values: Mapping[str, object]
) -> list[Discrepancy]:
    # Materialized, for PostgreSQL is not to look for the first rows soon: mostly there are none.
    limited = f"with wrong as materialized ({query}) select * from wrong limit {MOST_REPORTED}"  # noqa: S608
    return [
        Discrepancy(
            what=row.get("what", check),
            where=row["place"],
            expected=row["expected"],
            found=row["found"],
        )
        for row in session.execute(text(limited), values).mappings()
    ]


def _prove_postings(
    session: Session, plan: Plan, part: Part, ledger_key: bytes, sums: Sums
) -> Found:
    """Prove the chains and balances of a part's members; take their postings into `sums`."""
    values = (plan.program_id, part.first, part.last)
    members = [row for rows in stream(session, MEMBERS, values) for row in rows]
    chains = ChainProof({row[0]: (row[1], row[2]) for row in members}, ledger_key)
    found = Found()
    for rows in stream(session, POSTINGS, values):
        found.postings += len(rows)
        chains.take(rows)
        sums.take(rows)
    found.discrepancies += chains.end()
    if sums.wrong_balances([(row[0], *row[3:]) for row in members]):
        found.suspected.add("balances")
    return found


def _prove_lots(session: Session, sums: Sums, found: Found) -> None:
    """Prove the lots that a part's postings are about."""
    ids = bigints(sums.lot_ids())
    lots = [row for rows in stream(session, LOTS, (ids,)) for row in rows]
    found.lots += len(lots)
    if sums.wrong_lots(lots):
        found.suspected.add("lots")


def _prove_awards(session: Session, plan: Plan, part: Part, found: Found) -> Mapping[int, int]:
    """Reckon the awards of a part's members again; return their points by id."""
    proof = AwardProof(session=session, rulebook=load_rulebook(session, plan.program_id))
    wrong = proof.of_members(plan.shop_ids, first=part.first, last=part.last)
    found.discrepancies += wrong[:MOST_REPORTED]
    found.awards += len(proof.points)
    return proof.points


def _read_by_index(session: Session) -> None:
    """Let PostgreSQL read what the streams ask for by index, in the order of members.

    It takes a part for far smaller than it is, and sorting for cheap. It reads by itself, too: most
    pages are in memory, and to have one read by another process takes longer than to copy it.
    """
    _set(
        session,
        enable_nestloop="on",
        enable_seqscan="off",
        enable_sort="off",
        effective_io_concurrency="0",
    )


def _read_whole_tables(session: Session) -> None:
    """Let PostgreSQL join whole tables by hashes or sorted.

    On statistics older than a replay, nested loops would take hours.
    """
    _set(
        session,
        enable_nestloop="off",
        enable_seqscan="on",
        enable_sort="on",
        effective_io_concurrency="16",
    )


def _set(session: Session, **settings: str) -> None:
    """Set what PostgreSQL may do, until the transaction ends."""
    settings |= {"work_mem": MEMORY, "max_parallel_workers_per_gather": "0", "jit": "off"}
    said = ", ".join(f"set_config('{name}', '{value}', true)" for name, value in settings.items())
    session.execute(text(f"select {said}"))


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
