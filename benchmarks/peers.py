"""What a Shopify developer would take webhooks in with instead, and the limit of the machine.

The peers are not part of the project. `--peers` (or REGULARS_PEERS) names the folder that they
were set up in: `node/server.js`, `nrr/server.mjs`, `v/bin/python` and `a_raw_asyncio.py`, with a
PostgreSQL that trusts `postgres` on 127.0.0.1:25432 and holds their table. A peer that is not
there is left out, and said to be.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

PEERS_DATABASE = "postgresql://postgres@127.0.0.1:25432/postgres"
TABLE = (
    "create table if not exists webhook_event(id bigint generated always as identity primary key,"
    " webhook_id text not null unique, shop text not null, topic text not null,"
    " received_at timestamptz not null default now(), body bytea not null,"
    " status smallint not null default 0)"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Peer:
    """A server to compare with."""

    name: str
    folder: Path
    command: Sequence[str]
    environment: Mapping[str, str]
    needs: Path
    bar: float
    """How many times its rate the app has to reach."""


def peers(folder: Path) -> list[Peer]:
    """Return every peer, there or not; `{port}` in command and environment is to be filled."""
    node = folder / "node"
    sqlite = str(folder / "peer.db")
    return [
        Peer(
            name="Node, Express, @shopify/shopify-api, pg",
            folder=node,
            command=("node", "server.js"),
            environment={"STORE": "pg", "PORT": "{port}"},
            needs=node / "server.js",
            bar=2.0,
        ),
        Peer(
            name="Node, Express, @shopify/shopify-api, better-sqlite3",
            folder=node,
            command=("node", "server.js"),
            environment={"STORE": "sqlite", "PORT": "{port}", "DBFILE": sqlite},
            needs=node / "server.js",
            bar=2.0,
        ),
        Peer(
            name="Shopify's React Router template",
            folder=folder / "nrr",
            command=("node", "server.mjs"),
            environment={"PORT": "{port}", "DBFILE": sqlite},
            needs=folder / "nrr" / "server.mjs",
            bar=4.0,
        ),
        Peer(
            name="asyncio and asyncpg, group commit (upper bound)",
            folder=folder,
            command=(str(folder / "v" / "bin" / "python"), "a_raw_asyncio.py", "{port}"),
            environment={"PGURL": PEERS_DATABASE},
            needs=folder / "a_raw_asyncio.py",
            bar=0.5,
        ),
    ]
