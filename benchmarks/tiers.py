"""How long the tiers of a million members take to reckon, when most change and when none does.

    python -m benchmarks.tiers [--members 100000 1000000]

Needs DATABASE_URL of a server where databases may be created, as a superuser (nothing is checked
while the data is made). Every member has five orders on five days of the last two years, as the
roll-up keeps them. New settings move most members; then a night passes in which none is due; then
nights in which some are. Says the time on the clock, the time of processors, and the most memory.
"""

import argparse
import os
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial

import psycopg

from app.db.session import Database, Tenant
from app.domain.program_defaults import TierDraft
from app.domain.tier_terms import TierTerms
from app.flows.revise_tiers import revise_tiers
from app.services.preview_tiers import preview_tiers
from app.services.save_tiers import save_tiers
from benchmarks.installation import Installation, installation
from benchmarks.watching import load, own_seconds, watch

NOW = datetime(2026, 7, 1, 19, tzinfo=UTC)
DAYS_EACH = 5
MEMBERS = """
insert into member (
    program_id, joined_at, last_active_at, tier_id, tier_since, version, pushed_version
)
select {program}, now(), now(), (select id from tier where rank = 1), now(), 1, 1
from generate_series(1, {members})
"""
# Scattered by two primes, so that every member's days and amounts differ.
DAYS = """
insert into member_day (program_id, member_id, day, spend_minor, points, orders)
select {program}, id, date '2026-06-30' - ((id * 7919 + turn * 104729) % 146 + turn * 146)::int,
    1000 + (id * 104729 + turn * 7919) % 20000, 10, 1
from (select id, row_number() over (order by id) from member) m
cross join generate_series(0, {last}) as turn
"""


def main() -> None:
    """Make members and their days, and review them in every way."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--members", type=int, nargs="+", default=[100_000, 1_000_000])
    options = parser.parse_args()
    for members in options.members:
        with installation(os.environ["DATABASE_URL"]) as installed:
            _fill(installed, members)
            print(f"{members:,} members with {members * DAYS_EACH:,} orders. {load()}", flush=True)
            _measure_all(installed)


def _fill(installed: Installation, members: int) -> None:
    values = {"program": installed.program_id, "members": members, "last": DAYS_EACH - 1}
    with psycopg.connect(installed.environment["DATABASE_URL"], autocommit=True) as connection:
        connection.execute("set session_replication_role = replica")
        for statement in (MEMBERS, DAYS):
            connection.execute(statement.format(**values).encode())
        for table in ("member", "member_day"):
            connection.execute(f"vacuum (analyze) {table}".encode())


def _measure_all(installed: Installation) -> None:
    tiers = _tiers(installed)
    _measure(installed, "preview of new settings", lambda db: _preview(db, installed, tiers))
    _save(installed, tiers)
    _measure(installed, "new settings", lambda db: _revise(db, installed, NOW))
    installed.execute("vacuum (analyze) member")
    _measure(installed, "the same moment again", lambda db: _revise(db, installed, NOW))
    for night in range(1, 4):
        at = NOW + timedelta(days=night)
        _measure(installed, f"night {night}", partial(_revise, installed=installed, now=at))
    late = NOW + timedelta(days=500)
    _measure(installed, "500 days later", lambda db: _revise(db, installed, late))


def _tiers(installed: Installation) -> list[TierDraft]:
    """Return drafts that raise about nine of ten members, by what they spent."""
    rows = installed.execute("select id, name from tier order by rank")
    return [
        TierDraft(id=int(str(id_)), name=str(name), threshold=threshold, multiplier_bp=10_000)
        for (id_, name), threshold in zip(rows, (0, 15_000, 30_000), strict=True)
    ]


def _save(installed: Installation, tiers: list[TierDraft]) -> None:
    database = Database(installed.environment["DATABASE_URL"])
    with database.tenant(Tenant(program_id=installed.program_id)) as session:
        save_tiers(session, program_id=installed.program_id, tiers=tiers, now=NOW)
    database.close()


def _preview(database: Database, installed: Installation, tiers: list[TierDraft]) -> int:
    with database.tenant(Tenant(program_id=installed.program_id)) as session:
        foreseen = preview_tiers(
            session,
            program_id=installed.program_id,
            tiers=tiers,
            terms=TierTerms(),
            now=NOW,
        )
    return foreseen.up + foreseen.down


def _revise(database: Database, installed: Installation, now: datetime) -> int:
    return revise_tiers(database, program_id=installed.program_id, now=now)


def _measure(installed: Installation, what: str, do: Callable[[Database], int]) -> None:
    url = installed.environment["DATABASE_URL"]
    database = Database(url)
    own, began = own_seconds(), time.monotonic()
    with watch(url) as watched:
        changed = do(database)
        took = time.monotonic() - began
    database.close()
    app_seconds = own_seconds() - own - watched.watching_seconds
    print(
        f"{what}: {changed:,} members moved; {took:.1f} s on the clock, processors"
        f" {app_seconds:.1f} s in the app and {watched.server_seconds:.1f} s in PostgreSQL;"
        f" most memory {watched.own_mb:.0f} MB in the app and {watched.server_mb:.0f} MB in"
        f" PostgreSQL's backends. {load()}",
        flush=True,
    )


if __name__ == "__main__":
    main()
