"""The one place that wires everything: the WSGI callable, the worker, and what both are given."""

import gc
import sys

from flask import Flask
from granian.constants import HTTPModes, Interfaces
from granian.server import Server
from werkzeug.middleware.proxy_fix import ProxyFix

from app import clock
from app.container import Container, attach
from app.db.session import Database
from app.db.start_check import refuse_unsafe_commits
from app.jobs.port import ProcrastinateJobs
from app.jobs.worker import Worker
from app.logs import configure_logging
from app.settings import Settings, load_settings
from app.shopify.gateway import connect_shopify
from app.web import account, admin, auth, checkout, health, storefront
from app.web.admin import customer_export
from app.web.body_cap import BodyCap
from app.web.errors import register_errors
from app.web.locale.selection import speak
from app.web.port_check import refuse_shared_port
from app.web.wsgi import FrontDoor
from webhooks.drain import Drain
from webhooks.erasing import Erasure
from webhooks.inbox import Inbox
from webhooks.routes import WebhookIntake
from webhooks.verify import Signatures

BODY_BYTES_MAX = 256 * 1024
"""The largest body that Flask reads; forms and extension requests are far smaller."""


def create_container(settings: Settings) -> Container:
    """Return the parts that web and worker share."""
    database = Database(settings.database_url)
    return Container(
        settings=settings,
        database=database,
        jobs=ProcrastinateJobs(database),
        shopify=connect_shopify(settings),
    )


def create_flask(container: Container) -> Flask:
    """Return the Flask app: every page and endpoint except the hot routes."""
    flask_app = Flask("app.web")
    flask_app.config.update(MAX_CONTENT_LENGTH=BODY_BYTES_MAX)
    # Thai sentences stay readable, and short.
    flask_app.json.ensure_ascii = False  # type: ignore[attr-defined]
    attach(flask_app, container)
    speak(flask_app)
    register_errors(flask_app)
    for part in (health, auth, admin, customer_export, storefront, checkout, account):
        flask_app.register_blueprint(part.blueprint)
    return flask_app


def create_app(settings: Settings) -> FrontDoor:
    """Return the WSGI callable of one server process."""
    container = create_container(settings)
    if settings.clock_url is not None:
        clock.follow(settings.clock_url)
    flask_app = create_flask(container)
    # One proxy stands in front of the app: it says from where, by which scheme and for which host.
    proxied = ProxyFix(flask_app.wsgi_app, x_for=1, x_proto=1, x_host=1)
    intake = create_intake(container)
    return FrontDoor(
        hot={WebhookIntake.path: intake},
        rest=BodyCap(proxied, BODY_BYTES_MAX),
        closing=(intake.close, container.database.close),
    )


def create_intake(container: Container) -> WebhookIntake:
    """Return the WSGI callable that takes webhooks in."""
    settings = container.settings
    return WebhookIntake(
        Signatures(settings.shopify_client_secret, settings.shopify_old_client_secret),
        Inbox(container.database, container.jobs),
    )


def create_worker(settings: Settings) -> Worker:
    """Return the worker of one process."""
    parts = create_container(settings)
    return Worker(parts, Drain(parts), Erasure(parts))


def wsgi() -> FrontDoor:
    """Return the WSGI callable for a server that starts from the environment alone."""
    settings = load_settings()
    configure_logging(verbose=settings.development)
    app = create_app(settings)
    spare_the_collector()
    return app


def serve(settings: Settings, *, workers: int = 2, threads: int = 16) -> None:
    """Serve the app until a signal; the processes read their settings from the environment.

    Raises:
        PortTaken: something serves the port already.
        UnsafeDatabase: PostgreSQL would acknowledge what is not on disk.
    """
    refuse_shared_port(settings.port)
    database = Database(settings.database_url)
    refuse_unsafe_commits(database)
    database.close()
    Server(
        "app.bootstrap:wsgi",
        factory=True,
        address="127.0.0.1" if settings.development else "0.0.0.0",  # noqa: S104 - a container's port
        port=settings.port,
        interface=Interfaces.WSGI,
        http=HTTPModes.http1,
        websockets=False,
        workers=workers,
        blocking_threads=threads,
        respawn_failed_workers=True,
        workers_kill_timeout=8,
        log_access=False,
    ).serve()


def spare_the_collector() -> None:
    """Let Python look for reference cycles less often.

    A batch of orders makes hundreds of thousands of small objects and no cycles; looking through
    them as often as Python does by itself took a third of the drain's time. What a process holds
    from its start is not looked through at all.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 20, 20)


def switch_threads_sooner() -> None:
    """Let a thread that waits for the interpreter have it after half a millisecond, not five.

    The drain's thread asks PostgreSQL some twenty times a batch, while another thread translates
    the next batch without ever waiting: each answer lay there for up to five milliseconds.
    """
    sys.setswitchinterval(0.0005)


def work(settings: Settings) -> None:
    """Do background work until a signal.

    Raises:
        UnsafeDatabase: PostgreSQL would acknowledge what is not on disk.
    """
    configure_logging(verbose=settings.development)
    database = Database(settings.database_url)
    refuse_unsafe_commits(database)
    database.close()
    worker = create_worker(settings)
    spare_the_collector()
    switch_threads_sooner()
    worker.run()
