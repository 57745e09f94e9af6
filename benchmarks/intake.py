"""Webhooks a second that are verified, deduplicated and committed, beside the peers.

    python -m benchmarks.intake [--seconds 5] [--pairs 5] [--connections 16] [--peers FOLDER]

Needs `wrk` and, for the peers, what benchmarks.peers says. Each pair is one run of the app and one
of the peer, one after the other on the same PostgreSQL; ratios are medians of pairs, as single
runs scatter. Every run checks that all that was acknowledged is there.
"""

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import psycopg

from benchmarks.installation import (
    Installation,
    free_port,
    installation,
    start,
    start_server,
    stop,
    wait_for,
)
from benchmarks.order_bodies import write
from benchmarks.peers import PEERS_DATABASE, TABLE, Peer, peers

LUA = Path(__file__).with_name("webhooks.lua")
P99_MS_MAX = 25.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """How a server is loaded."""

    seconds: int
    connections: int
    bodies: Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """What one run measured."""

    rps: float
    p50_ms: float
    p99_ms: float
    requests: int
    errors: int


def main() -> int:
    """Run the pairs, print medians and ratios, and return 1 when a bar is missed."""
    options = _options()
    if shutil.which("wrk") is None:
        print("wrk is needed: apt-get install wrk")
        return 1
    present = [peer for peer in peers(options.peers) if _is_there(peer)]
    server_url = PEERS_DATABASE if present else options.database
    with tempfile.TemporaryDirectory() as scratch, installation(server_url) as installed:
        load = Load(
            seconds=options.seconds,
            connections=options.connections,
            bodies=write(Path(scratch) / "bodies.bin"),
        )
        if not present:
            _tell("The app alone", [_run_app(installed, load) for _ in range(options.pairs)])
            return 0
        return _compare(installed, load, present, options.pairs)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--seconds", type=int, default=5)
    parser.add_argument("--pairs", type=int, default=5)
    parser.add_argument("--connections", type=int, default=16)
    folder = os.environ.get("REGULARS_PEERS", ".data/peers")
    parser.add_argument("--peers", type=Path, default=Path(folder), help="where the peers are")
    parser.add_argument(
        "--database", default=os.environ.get("DATABASE_URL", PEERS_DATABASE), help="without peers"
    )
    options = parser.parse_args()
    options.peers = options.peers.resolve()
    return options


def _is_there(peer: Peer) -> bool:
    if not peer.needs.exists():
        print(f"Left out, as {peer.needs} is absent: {peer.name}")
        return False
    return True


def _compare(installed: Installation, load: Load, present: list[Peer], pairs: int) -> int:
    _execute(PEERS_DATABASE, TABLE)
    app_runs: list[Run] = []
    peer_runs: dict[str, list[tuple[Run, Run]]] = {peer.name: [] for peer in present}
    for number in range(pairs):
        for peer in present:
            ours = _run_app(installed, load)
            theirs = _run_peer(peer, load)
            app_runs.append(ours)
            peer_runs[peer.name].append((ours, theirs))
            print(
                f"pair {number + 1}: app {ours.rps:.0f}/s p99 {ours.p99_ms:.1f} ms,"
                f" {peer.name} {theirs.rps:.0f}/s p99 {theirs.p99_ms:.1f} ms",
                flush=True,
            )
    _tell("Regulars", app_runs)
    missed = statistics.median(run.p99_ms for run in app_runs) > P99_MS_MAX
    for peer in present:
        pairs_of_peer = peer_runs[peer.name]
        ratio = statistics.median(ours.rps / theirs.rps for ours, theirs in pairs_of_peer)
        _tell(peer.name, [theirs for _, theirs in pairs_of_peer])
        print(f"    Regulars is {ratio:.2f} times as fast; the bar is {peer.bar}.")
        missed |= ratio < peer.bar
    print("A bar was missed." if missed else "Every bar is cleared.")
    return int(missed)


def _tell(name: str, runs: list[Run]) -> None:
    def median(of: Callable[[Run], float]) -> float:
        return statistics.median(map(of, runs))

    print(
        f"{name}: {median(lambda run: run.rps):.0f} requests/s,"
        f" p50 {median(lambda run: run.p50_ms):.1f} ms, p99 {median(lambda run: run.p99_ms):.1f} ms,"
        f" errors {sum(run.errors for run in runs)}"
    )


def _run_app(installed: Installation, load: Load) -> Run:
    installed.execute("truncate webhook_event, procrastinate_jobs cascade")
    installed.execute("checkpoint")
    port = free_port()
    server = start_server(installed, port)
    try:
        measured = _load(port, load)
    finally:
        stop(server)
    ((stored,),) = installed.execute("select count(*) from webhook_event")
    _refuse_loss(measured, stored)
    return measured


def _run_peer(peer: Peer, load: Load) -> Run:
    _execute(PEERS_DATABASE, "truncate webhook_event")
    _execute(PEERS_DATABASE, "checkpoint")
    for path in Path(peer.environment.get("DBFILE", "-")).parent.glob("peer.db*"):
        path.unlink()
    port = free_port()
    environment = {name: value.format(port=port) for name, value in peer.environment.items()}
    command = [word.format(port=port) for word in peer.command]
    server = start(command, environment, folder=peer.folder)
    try:
        wait_for(port, server)
        return _load(port, load)
    finally:
        stop(server)


def _load(port: int, load: Load) -> Run:
    """Warm the server up for a second, then measure."""
    _wrk(port, load, seconds=1, tag="warm")
    return _wrk(port, load, seconds=load.seconds, tag="run")


def _wrk(port: int, load: Load, *, seconds: int, tag: str) -> Run:
    answer = subprocess.run(  # noqa: S603 - our own command
        [
            *("wrk", "-t1", f"-c{load.connections}", f"-d{seconds}s", "--timeout", "5s"),
            *("--latency", "-s", str(LUA), f"http://127.0.0.1:{port}/webhooks"),
            *("--", str(load.bodies), tag),
        ],
        capture_output=True,
        text=True,
        check=True,
        timeout=seconds + 60,
    )
    return Run(**json.loads(answer.stdout.splitlines()[-1]))


def _refuse_loss(measured: Run, stored: object) -> None:
    acknowledged = measured.requests - measured.errors
    if not isinstance(stored, int) or stored < acknowledged:
        raise RuntimeError(f"{acknowledged} webhooks were acknowledged, {stored} are stored.")


def _execute(url: str, statement: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(statement.encode())


if __name__ == "__main__":
    sys.exit(main())
