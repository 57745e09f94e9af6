"""What web, webhooks, jobs and flows are given: the parts that bootstrap wired together."""

from dataclasses import dataclass, field
from typing import Protocol, cast

from flask import Flask, current_app
from sqlalchemy.orm import Session

from app.db.session import Database, Tenant
from app.settings import Settings
from app.shopify.gateway import Shopify

EXTENSION = "regulars"

JobArg = int | str | list[int] | None
"""What a job may be given: ids, as JSON."""


class Jobs(Protocol):
    """Enqueues jobs by name, so that who needs one need not know who does it."""

    def enqueue(self, name: str, session: Session | None = None, **args: JobArg) -> None:
        """Enqueue the job `name` with `args` (ids only, as JSON).

        With `session` it commits with the caller's data, else at once. The same job with the same
        arguments is never waiting twice: enqueuing it again changes nothing.
        """

    def enqueue_soon(self, name: str, **args: JobArg) -> None:
        """Have the job enqueued within about a second, once for all who ask for it until then.

        For jobs that a sweep finds too: one is lost when the process dies before. To be called
        after the commit of what the job is for.
        """


@dataclass(frozen=True, slots=True, kw_only=True)
class Container:
    """One installation of the app, wired."""

    settings: Settings
    database: Database
    jobs: Jobs
    shopify: Shopify
    known_tenants: dict[str, Tenant] = field(default_factory=dict)
    """Tenants by their shop's domain as they were found once: to be checked where they are used."""


def attach(flask_app: Flask, container: Container) -> None:
    """Make `container` what `current_container` returns inside `flask_app`."""
    flask_app.extensions[EXTENSION] = container


def current_container() -> Container:
    """Return the container of the Flask app that handles the present request."""
    return cast(Container, current_app.extensions[EXTENSION])
