"""Fills the shop with a history: `python -m devstore.history generate|replay --help`."""

import argparse
import sys
from collections.abc import Sequence
from datetime import UTC, datetime, time
from pathlib import Path

from devstore.history.bulk_sender import AppGone, AppStalled, BulkSender, Sent
from devstore.history.cdnow import read_cdnow
from devstore.history.generate import generate
from devstore.history.happenings import History, store_history
from devstore.history.messages import Disorder, disordered, messages
from devstore.history.online_retail import read_online_retail
from devstore.history.opening import AppNotInstalled, open_app
from devstore.history.progress import Progress
from devstore.settings import MissingSettings, Settings, add_options, read_settings
from devstore.store.store import Store, open_store


def main(arguments: Sequence[str]) -> int:
    """Run a command; without one, generate."""
    known = ("generate", "replay", "-h", "--help")
    if not arguments or arguments[0] not in known:
        arguments = ["generate", *arguments]
    options = _parser().parse_args(arguments)
    try:
        return _run(options, read_settings(options))
    except (MissingSettings, AppNotInstalled, AppGone, AppStalled, ValueError, OSError) as problem:
        print(problem, file=sys.stderr)
        return 2


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m devstore.history", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    drawn = commands.add_parser("generate", help="draw a history from BG/NBD and Gamma-Gamma")
    drawn.add_argument("--customers", type=int, default=300)
    drawn.add_argument("--months", type=int, default=18)
    drawn.add_argument("--until", type=_day, help="last day, such as 2026-11-22 (today)")
    replayed = commands.add_parser("replay", help="replay a real file of purchases")
    files = replayed.add_mutually_exclusive_group(required=True)
    files.add_argument("--cdnow", type=Path, help="CDNOW_master.txt, into a shop in USD")
    files.add_argument("--online-retail", type=Path, help="online_retail.csv")
    replayed.add_argument("--limit", type=int, help="only so many lines or invoices")
    for command in (drawn, replayed):
        command.add_argument("--seed", type=int, default=1)
        command.add_argument("--duplicate", type=float, default=0.0, help="share sent twice")
        command.add_argument("--shuffle", type=int, default=0, help="window of disorder")
        command.add_argument("--drop", type=float, default=0.0, help="share never sent")
        command.add_argument("--connections", type=int, default=12)
        command.add_argument(
            "--all-topics",
            action="store_true",
            help="announce each new order as created and updated too",
        )
        command.add_argument("--quiet", action="store_true", help="store it, announce nothing")
        add_options(command)
    return parser


def _day(text: str) -> datetime:
    return datetime.combine(datetime.fromisoformat(text), time(), UTC)


def _run(options: argparse.Namespace, settings: Settings) -> int:
    store = open_store(settings)
    if not options.quiet:
        open_app(store, settings)
    history = _history(options, store)
    print(
        f"Storing {len(history.customers):,} customers and {len(history.orders):,} orders",
        flush=True,
    )
    store_history(store, history)
    if history.unmatched_returns:
        print(f"{history.unmatched_returns:,} returns are of things bought before the file begins")
    if options.quiet:
        return 0
    sent = announce(store, settings, history, options)
    _say_how_it_went(sent)
    return 1 if sent.failed else 0


def _history(options: argparse.Namespace, store: Store) -> History:
    now = store.clock.now()
    if options.command == "generate":
        until = options.until or now.replace(hour=0, minute=0, second=0)
        return generate(store, options.customers, options.months, options.seed, until)
    if options.cdnow is not None:
        return read_cdnow(options.cdnow, store.shop, now, options.limit)
    return read_online_retail(options.online_retail, store.shop, now, options.limit)


def announce(
    store: Store, settings: Settings, history: History, options: argparse.Namespace
) -> Sent:
    """Send a history's webhooks, with a progress bar."""
    happenings = history.told_fully() if options.all_topics else history.happenings
    disorder = Disorder(options.duplicate, options.shuffle, options.drop)
    ordered = messages(store, settings, history, happenings, options.seed)
    path = next(iter(store.config.topics.values()))
    progress = Progress("Sending webhooks", len(happenings))
    sender = BulkSender(settings.app_url, path, options.connections)
    sent = sender.send(
        disordered(ordered, disorder, options.seed), lambda sent: progress.show(sent.delivered)
    )
    progress.finish(sent.delivered)
    return sent


def _say_how_it_went(sent: Sent) -> None:
    print(
        f"{sent.delivered:,} webhooks delivered in {sent.seconds:.1f} s ({sent.rate:,.0f}/s,"
        f" {sent.bytes_sent / max(sent.delivered, 1) / 1000:.1f} kB each on average),"
        f" {sent.retried:,} tried again, {sent.failed:,} failed"
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
