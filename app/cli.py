"""The commands that script/ calls; what they do lives elsewhere."""

import argparse
import sys
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from app.settings import SettingsError

if TYPE_CHECKING:
    from app.container import Container
    from app.db.session import Database
    from app.flows import reconcile
    from app.flows.prove_ledger import Progress, Proof

DEMO_HINT = "(script/demo makes an installation of its own that needs none.)"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code; what went wrong is one clear sentence."""
    options = _parser().parse_args(arguments)
    command: Callable[[argparse.Namespace], int] = options.command
    try:
        return command(options)
    except SettingsError as error:
        print(f"{error} {DEMO_HINT}", file=sys.stderr)
    except KeyboardInterrupt:
        return 130
    except Exception as error:
        if not isinstance(error, _errors_for_people()):
            raise
        print(error, file=sys.stderr)
    return 1


def _errors_for_people() -> tuple[type[Exception], ...]:
    """Return the errors whose message is one clear sentence for who sits at the terminal."""
    from app.db.embedded_postgres import EmbeddedPostgresError
    from app.db.start_check import UnsafeDatabase
    from app.development.demo import DemoFailed
    from app.development.processes import ProcessEnded
    from app.shopify.errors import ShopifyError
    from app.web.port_check import PortTaken

    return (
        DemoFailed,
        EmbeddedPostgresError,
        PortTaken,
        ProcessEnded,
        ShopifyError,
        UnsafeDatabase,
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m app.cli", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    server = commands.add_parser("server", help="serve the app")
    server.add_argument("--workers", type=int, default=2, help="processes that serve (2)")
    server.add_argument("--threads", type=int, default=16, help="threads in each (16)")
    server.set_defaults(command=_server)
    commands.add_parser("worker", help="do background work").set_defaults(command=_worker)
    commands.add_parser("migrate", help="bring the database up").set_defaults(command=_migrate)
    reconcile = commands.add_parser("reconcile", help="take in the orders that were missed")
    reconcile.add_argument("--shop", help="only the shop with this myshopify.com domain")
    reconcile.set_defaults(command=_reconcile)
    verify = commands.add_parser("verify-ledger", help="prove every balance from its postings")
    verify.add_argument("--shop", help="only the programme of this myshopify.com domain")
    verify.add_argument("--program", type=int, help="only the programme with this number")
    verify.add_argument("--processes", type=int, help="that work at once (one a processor)")
    verify.set_defaults(command=_verify_ledger)
    days = commands.add_parser("rebuild-days", help="put right what tiers are reckoned from")
    days.add_argument("--shop", help="only the programme of this myshopify.com domain")
    days.add_argument("--program", type=int, help="only the programme with this number")
    days.add_argument("--check", action="store_true", help="only say how many days are wrong")
    days.set_defaults(command=_rebuild_days)
    demo = commands.add_parser("demo", help="run app and development store on this machine")
    demo.add_argument("--customers", type=int, default=500, help="customers with a history (500)")
    demo.add_argument("--fresh", action="store_true", help="forget what an earlier demo did")
    demo.set_defaults(command=_demo)
    develop = commands.add_parser("develop", help="run app and worker for `shopify app dev`")
    develop.set_defaults(command=_develop)
    return parser


# --- An installation's own commands ---------------------------------------------------------------


def _server(options: argparse.Namespace) -> int:
    from app.bootstrap import serve
    from app.development.current import current_installation

    with current_installation() as settings:
        serve(settings, workers=options.workers, threads=options.threads)
    return 0


def _worker(_: argparse.Namespace) -> int:
    from app.bootstrap import work
    from app.development.current import current_installation

    with current_installation() as settings:
        work(settings)
    return 0


def _migrate(_: argparse.Namespace) -> int:
    from app.db.migrate import migrate
    from app.development.current import current_installation

    with current_installation() as settings:
        migrate(settings.database_url)
    print("The database is at the newest migration.")
    return 0


_LEFT_ALONE: Mapping[str | None, str] = {
    "being_read": "its past orders are still being read, so there is nothing to compare with yet.",
    "not_usable": "the app has no access to its orders until somebody opens the app there.",
}


def _reconcile(options: argparse.Namespace) -> int:
    from contextlib import closing

    from app.bootstrap import create_container
    from app.development.current import current_installation

    with current_installation() as settings:
        parts = create_container(settings)
        with closing(parts.database):
            return _reconcile_all(parts, options)


def _reconcile_all(parts: "Container", options: argparse.Namespace) -> int:
    from app.db.queries.work_waiting import installed_shops
    from app.flows.find_deleted_orders import find_deleted_orders
    from app.flows.reconcile import reconcile_shop

    with parts.database.sweep() as session:
        shop_ids = list(installed_shops(session, options.shop))
    if options.shop and not shop_ids:
        print(f"The app is not installed at {options.shop}.", file=sys.stderr)
        return 1
    reconciled = 0
    for shop_id in shop_ids:
        changed = reconcile_shop(parts, shop_id, on_progress=_say_compared)
        gone = find_deleted_orders(parts, shop_id)
        told = _LEFT_ALONE.get(
            changed.left_alone,
            f"{changed.compared} orders compared,"
            f" {changed.taken_in + gone.taken_in} taken in, {gone.deleted} deleted.",
        )
        print(f"Shop {shop_id}: {told}")
        reconciled += changed.left_alone is None
    print(f"{reconciled} shops reconciled.")
    return 0


def _say_compared(progress: "reconcile.Progress") -> None:
    print(f"  {progress.compared} orders compared so far", flush=True)


def _verify_ledger(options: argparse.Namespace) -> int:
    from contextlib import closing

    from app.bootstrap import create_container
    from app.clock import utc_now
    from app.development.current import current_installation
    from app.flows.prove_ledger import prove_ledger

    wrong = postings = 0
    with (
        current_installation() as settings,
        closing(create_container(settings).database) as database,
    ):
        chosen = _chosen_programs(database, options)
        if not chosen and (options.shop or options.program is not None):
            print("There is no such shop or programme here.", file=sys.stderr)
            return 2
        for program_id in chosen:
            proof = prove_ledger(
                database,
                program_id=program_id,
                ledger_key=settings.ledger_key,
                now=utc_now(),
                processes=options.processes,
                progress=_progress(program_id),
            )
            _tell_proof(program_id, proof)
            wrong += len(proof.discrepancies)
            postings += proof.postings
    verdict = f"{wrong:,} things are wrong" if wrong else "no difference"
    print(f"{postings:,} postings of {len(chosen):,} programmes proved: {verdict}.")
    return 1 if wrong else 0


def _rebuild_days(options: argparse.Namespace) -> int:
    from contextlib import closing

    from app.bootstrap import create_container
    from app.db.session import Tenant
    from app.development.current import current_installation
    from app.services.rebuild_member_days import rebuild_member_days, wrong_member_days

    look = wrong_member_days if options.check else rebuild_member_days
    found = "are wrong" if options.check else "were wrong and are right now"
    wrong = 0
    with current_installation() as settings:
        parts = create_container(settings)
        with closing(parts.database) as database:
            chosen = _chosen_programs(database, options)
            if not chosen and (options.shop or options.program is not None):
                print("There is no such shop or programme here.", file=sys.stderr)
                return 2
            for program_id in chosen:
                with database.tenant(Tenant(program_id=program_id)) as session:
                    days = look(session, program_id=program_id)
                    if days and not options.check:
                        parts.jobs.enqueue("revise_tiers", session, program_id=program_id)
                print(f"Programme {program_id}: {days:,} days of members {found}.")
                wrong += days
    return 1 if options.check and wrong else 0


def _chosen_programs(database: "Database", options: argparse.Namespace) -> Sequence[int]:
    """Return the programmes that a command is about: of one shop, one by its number, or all."""
    from app.db.queries.work_waiting import all_programs, programs_of_shop

    with database.sweep() as session:
        known = programs_of_shop(session, options.shop) if options.shop else all_programs(session)
    return [known_id for known_id in known if options.program in (None, known_id)]


def _progress(program_id: int) -> "Progress | None":
    """Return what tells a terminal how far a proof is; None for a file or a pipe."""
    if not sys.stderr.isatty():
        return None

    def tell(done: int, total: int) -> None:
        told = f"Programme {program_id}: {done:,} of {total:,} postings"
        print(f"\r{told}", end="\n" if done >= total else "", file=sys.stderr, flush=True)

    return tell


def _tell_proof(program_id: int, proof: "Proof") -> None:
    from app.web.admin.proof_words import discrepancy_sentence, plain

    for discrepancy in proof.discrepancies:
        print(f"Programme {program_id}: {discrepancy_sentence(discrepancy, plain)}")
    print(
        f"Programme {program_id}: {proof.postings:,} postings and {proof.awards:,} awards"
        f" looked at in {proof.duration_ms / 1000:.1f} s."
    )


# --- Development ----------------------------------------------------------------------------------


def _demo(options: argparse.Namespace) -> int:
    from app.development.demo import DemoOptions, run_demo
    from app.development.installation import ports_from_environment

    ports = ports_from_environment()
    run_demo(DemoOptions(ports=ports, customers=options.customers, fresh=options.fresh))
    return 0


def _develop(_: argparse.Namespace) -> int:
    from app.development.develop import run_develop

    run_develop()
    return 0


if __name__ == "__main__":
    sys.exit(main())
