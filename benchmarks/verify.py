"""How long a ledger of millions of postings takes to prove, and how much memory.

    python -m benchmarks.verify [--millions 1 5] [--processes 2] [--keep NAME]

Needs DATABASE_URL of a server where databases may be created, as a superuser (nothing is checked
while the ledger is made). A small shop lives through two years by the app's own services; its rows
are multiplied. Each size has a database of its own, dropped after; with --keep it is NAME_1m (of a
million), stays, and a later run with the same name proves it again without making it. Says the time
on the clock, the time of processors, and the most memory that the app's processes and PostgreSQL's backends held.
"""

import argparse
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from app.db.session import Database, Tenant
from app.flows.prove_ledger import Proof, processors, prove_ledger
from benchmarks.big_ledger import multiply
from benchmarks.installation import (
    Installation,
    installation,
    kept_installation,
)
from benchmarks.small_ledger import SmallLedger
from benchmarks.watching import Watched, load, own_seconds, watch

DAYS = 730
CUSTOMERS = 500


def main() -> None:
    """Make a ledger of each size, prove it twice and print what that took."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--millions", type=float, nargs="+", default=[1, 5])
    parser.add_argument("--processes", type=int, default=processors())
    parser.add_argument("--keep", metavar="NAME", help="keep the databases, or use those kept")
    parser.add_argument("--runs", type=int, default=2)
    options = parser.parse_args()
    for millions in options.millions:
        with _ledger(os.environ["DATABASE_URL"], millions, options.keep) as installed:
            for _ in range(options.runs):
                _measure(installed, options.processes)


@contextmanager
def _ledger(server_url: str, millions: float, keep: str | None) -> Iterator[Installation]:
    """Yield an installation with so many postings: made now, or kept from an earlier run."""
    if keep is None:
        with installation(server_url) as installed:
            _fill(installed, round(millions * 1_000_000))
            yield installed
        return
    name = f"{keep}_{millions:g}m"
    kept = kept_installation(server_url, name)
    if kept is None:
        # A ledger that was not made to its end must not be taken for one.
        with installation(server_url, keep_as=name) as kept:
            _fill(kept, round(millions * 1_000_000))
    yield kept


def _fill(installed: Installation, at_least: int) -> None:
    url, key = installed.environment["DATABASE_URL"], installed.settings.ledger_key
    database = Database(url)
    shop = SmallLedger(
        database=database,
        tenant=Tenant(program_id=installed.program_id, shop_id=installed.shop_id),
        ledger_key=key,
        customers=CUSTOMERS,
        orders_a_step=50,
        step_days=5,
    )
    shop.live(DAYS)
    database.close()
    [(small,)] = installed.execute("select count(*) from posting")
    postings = multiply(url, -(-at_least // int(str(small))), key)
    print(f"{postings:,} postings are made. {load()}", flush=True)


def _measure(installed: Installation, processes: int) -> None:
    database = Database(installed.environment["DATABASE_URL"])
    own = own_seconds()
    with watch(installed.environment["DATABASE_URL"]) as watched:
        proof = prove_ledger(
            database,
            program_id=installed.program_id,
            ledger_key=installed.settings.ledger_key,
            now=datetime.now(UTC),
            processes=processes,
        )
    database.close()
    _report(proof, processes, own_seconds() - own - watched.watching_seconds, watched)


def _report(proof: Proof, processes: int, app_seconds: float, watched: Watched) -> None:
    if proof.discrepancies:
        raise RuntimeError(f"The ledger is wrong: {proof.discrepancies[:3]}")
    seconds = proof.duration_ms / 1000
    print(
        f"{proof.postings:,} postings, {proof.awards:,} awards by {processes} processes:"
        f" {seconds:.1f} s on the clock ({proof.postings / seconds:,.0f} postings a second);"
        f" processors {app_seconds:.1f} s in the app, {watched.server_seconds:.1f} s in PostgreSQL;"
        f" most memory {watched.own_mb:.0f} MB in the app's processes together,"
        f" {watched.server_mb:.0f} MB in PostgreSQL's beside its shared buffers. {load()}",
        flush=True,
    )


if __name__ == "__main__":
    main()
