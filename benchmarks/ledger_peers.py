"""Other ways to keep a ledger on PostgreSQL, to run beside ours.

They are not part of the project. The folder of the peers holds `b_ledger.py`, which posts entries
with a balance in several ways (its own virtual environment `v` has SQLAlchemy and psycopg), and
`b_hordak.py`, which posts double-entry transactions with django-hordak 2 (`vp_hordak`). Both use
PostgreSQL on 127.0.0.1:25432, take seconds and repetitions, and end with a line for each way.
"""

import re
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

HORDAK = "django-hordak"
ORM = "SQLAlchemy's ORM, select for update"
ORM_BATCHES = "SQLAlchemy's ORM, batches of 500"
PLAIN_BATCHES = "one statement that locks and unnests, batches of 500"


@dataclass(frozen=True, slots=True, kw_only=True)
class Peer:
    """A program that posts in some ways, and what its lines call them."""

    python: str
    program: str
    arguments: Sequence[str]
    ways: Mapping[str, str]


PEERS = (
    Peer(
        python="vp_hordak/bin/python",
        program="b_hordak.py",
        arguments=(),
        ways={HORDAK: r"MEDIAN hordak spread (\d+)/s"},
    ),
    Peer(
        python="v/bin/python",
        program="b_ledger.py",
        arguments=(r"(orm select for update|batch500 (lock|orm)).*spread x1$",),
        ways={
            ORM: r"orm select for update +spread x1 +(\d+)/s +min",
            ORM_BATCHES: r"batch500 orm add_all +spread x1 +(\d+)/s +min",
            PLAIN_BATCHES: r"batch500 lock\+unnest CTE +spread x1 +(\d+)/s +min",
        },
    ),
)


def run_peers(folder: Path, seconds: float) -> dict[str, float]:
    """Return postings a second by way; peers that are not there are left out, and said to be."""
    rates: dict[str, float] = {}
    for peer in PEERS:
        if not (folder / peer.python).exists() or not (folder / peer.program).exists():
            print(f"Left out, as it is not in {folder}: {peer.program}")
            continue
        told = subprocess.run(  # noqa: S603 - the peers' own programs
            [str(folder / peer.python), peer.program, str(seconds), "1", *peer.arguments],
            cwd=folder,
            capture_output=True,
            text=True,
            check=True,
            timeout=600,
        ).stdout
        for way, line in peer.ways.items():
            found = re.search(line, told)
            if found is None:
                raise RuntimeError(f"{peer.program} told no rate of {way}.")
            rates[way] = float(found[1])
    return rates
