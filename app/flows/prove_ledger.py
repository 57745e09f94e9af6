"""Proves a programme's whole ledger, over several processes when it is large, and keeps the result."""

import gc
import os
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from multiprocessing import get_context

from sqlalchemy.orm import Session

from app.db.models import LedgerProof
from app.db.session import Database, Tenant, export_moment
from app.domain.discrepancy import Discrepancy
from app.services.verify_ledger import Found, Part, Plan, do_part, plan_proof, sum_up

ALONE_UP_TO = 100_000
"""Postings that one process proves in about the time that another takes to start."""

SELDOM = 500_000
"""So many objects more than there were before garbage is looked for."""

Progress = Callable[[int, int], None]
"""Told how many postings are proved, of how many."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """What a proof found."""

    postings: int
    last_posting_id: int
    awards: int
    discrepancies: list[Discrepancy]
    duration_ms: int


def prove_ledger(
    database: Database,
    *,
    program_id: int,
    ledger_key: bytes,
    now: datetime,
    processes: int | None = None,
    progress: Progress | None = None,
) -> Proof:
    """Return everything wrong with a programme's ledger as it is at this moment, and keep it.

    A large ledger is spread over `processes` (as many as there are processors); all of them look
    at the same moment, whatever is posted meanwhile.
    """
    began = time.monotonic()
    tenant = Tenant(program_id=program_id)
    with database.tenant(tenant, one_moment=True) as session:
        plan = plan_proof(session, program_id)
        count = 1 if plan.postings <= ALONE_UP_TO else processes or processors()
        with _doers(database, session, plan, ledger_key, count) as do_all:
            found = _gather(plan, do_all(), progress)
        discrepancies = sum_up(session, plan, found)
    proof = Proof(
        postings=found.totals.postings,
        last_posting_id=found.totals.last_posting_id,
        awards=found.awards,
        discrepancies=discrepancies,
        duration_ms=round((time.monotonic() - began) * 1000),
    )
    with database.tenant(tenant) as session:
        _keep(session, program_id, proof, now)
    return proof


def _gather(plan: Plan, results: Iterator[Found], progress: Progress | None) -> Found:
    found = Found()
    for result in results:
        found.add(result)
        if progress is not None and result.postings:
            progress(found.postings, plan.postings)
    return found


def _keep(session: Session, program_id: int, proof: Proof, now: datetime) -> None:
    session.add(
        LedgerProof(
            program_id=program_id,
            proved_at=now,
            postings=proof.postings,
            last_posting_id=proof.last_posting_id,
            awards=proof.awards,
            duration_ms=proof.duration_ms,
            discrepancies=[asdict(each) for each in proof.discrepancies],
        )
    )


# --- One process, or several ----------------------------------------------------------------------


@contextmanager
def _doers(
    database: Database, session: Session, plan: Plan, ledger_key: bytes, count: int
) -> Iterator[Callable[[], Iterator[Found]]]:
    """Yield what does every part of the plan, here or in `count` processes, of which this is one."""
    with _seldom_collected():
        if count == 1:
            yield lambda: (do_part(session, plan, part, ledger_key) for part in plan.parts)
            return
        pool = ProcessPoolExecutor(
            count - 1,
            mp_context=get_context(_way_to_start()),
            initializer=_Worker.start,
            initargs=(database.conninfo(), export_moment(session), plan, ledger_key),
        )
        try:
            yield lambda: _share(pool, count - 1, session, plan, ledger_key)
        finally:
            # After an error nobody waits for what is left.
            pool.shutdown(cancel_futures=True)


def _share(
    pool: ProcessPoolExecutor, others: int, session: Session, plan: Plan, ledger_key: bytes
) -> Iterator[Found]:
    """Yield what every part finds; other processes take them from the front, this one from the end.

    In front are the checks that take long, behind them short parts: so all end at about one time.
    """
    parts = deque(plan.parts)
    running: set[Future[Found]] = set()
    while parts or running:
        # One to do and one at hand, for this process may be busy with a part meanwhile.
        while parts and len(running) < 2 * others:
            running.add(pool.submit(_Worker.do, parts.popleft()))
        if parts:
            yield do_part(session, plan, parts.pop(), ledger_key)
        else:
            wait(running, return_when=FIRST_COMPLETED)
        done = {future for future in running if future.done()}
        running -= done
        yield from (future.result() for future in done)


def _way_to_start() -> str:
    """Return how other processes start: as copies of this one, where that is safe.

    A copy has imported everything already, which takes a second of a processor. But what other
    threads of this one had locked would stay locked in it for ever.
    """
    return "fork" if threading.active_count() == 1 and sys.platform == "linux" else "spawn"


@contextmanager
def _seldom_collected() -> Iterator[None]:
    """Let garbage be looked for seldom: rows by the million have no cycles among them.

    At the usual pace the search would take a third longer than all else.
    """
    before = gc.get_threshold()
    gc.set_threshold(SELDOM)
    try:
        yield
    finally:
        gc.set_threshold(*before)


class _Worker:
    """A process that does parts of a plan, all in one transaction."""

    _stack = ExitStack()
    _session: Session
    _plan: Plan
    _ledger_key: bytes

    @classmethod
    def start(cls, url: str, moment: str, plan: Plan, ledger_key: bytes) -> None:
        """Open a transaction that sees `moment`; it ends with the process."""
        tenant = Tenant(program_id=plan.program_id)
        database = Database(url, pool_size=1)
        cls._session = cls._stack.enter_context(database.tenant(tenant, moment=moment))
        cls._plan, cls._ledger_key = plan, ledger_key
        cls._stack.enter_context(_seldom_collected())

    @classmethod
    def do(cls, part: Part) -> Found:
        """Do one part."""
        return do_part(cls._session, cls._plan, part, cls._ledger_key)


def processors() -> int:
    """Return how many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
