"""Engines and tenant-scoped sessions: every transaction names its role and its tenant first."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property

import orjson
import psycopg
from sqlalchemy import Engine, create_engine, make_url, text
from sqlalchemy.orm import Session

from app.db.wire import Trip, WiredSession, one_trip, say_first, send_at_once, unanswered

_NAME_TENANT = """
    select set_config('app.program_id', $1::text, true), set_config('app.shop_id', $2::text, true)
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tenant:
    """Whose rows a transaction may see; what is None sees nothing."""

    program_id: int | None = None
    shop_id: int | None = None


class Database:
    """The database, seen through one role at a time.

    Roles are named after the database, as they belong to the whole cluster: `{name}_app` (scoped
    by row-level security), `{name}_intake` (inserts webhook events), `{name}_sweep` (reads over
    all shops). None owns a table.
    """

    def __init__(self, url: str, *, pool_size: int = 8) -> None:
        self.url = make_url(url).set(drivername="postgresql+psycopg")
        self._pool_size = pool_size

    @cached_property
    def owner(self) -> Engine:
        """The owner's engine: migrations and tests only."""
        return create_engine(self.url, pool_size=2)

    @cached_property
    def _app(self) -> Engine:
        return self._engine("app")

    @cached_property
    def _sweep(self) -> Engine:
        return self._engine("sweep")

    def _engine(self, role: str) -> Engine:
        return create_engine(
            self.url,
            pool_size=self._pool_size,
            max_overflow=0,
            connect_args={"options": f"-c role={self.role(role)}"},
            json_deserializer=orjson.loads,
        )

    def role(self, name: str) -> str:
        """Return the cluster-wide name of one of the roles app, intake and sweep."""
        return f"{self.url.database}_{name}"

    def conninfo(self, role: str | None = None) -> str:
        """Return a libpq URL that connects as `role` (app, intake, sweep), or as the owner."""
        url = self.url.set(drivername="postgresql")
        if role is not None:
            url = url.update_query_dict({"options": f"-crole={self.role(role)}"})
        return url.render_as_string(hide_password=False)

    def connect(self, role: str) -> psycopg.Connection:
        """Return a plain psycopg connection as `role`, in autocommit, for the hot paths."""
        return psycopg.connect(self.conninfo(role), autocommit=True, prepare_threshold=0)

    @contextmanager
    def tenant(
        self, tenant: Tenant, *, one_moment: bool = False, moment: str | None = None
    ) -> Iterator[Session]:
        """Yield a session in one transaction of the app role, committed on leaving.

        With `one_moment`, every statement sees the database as it is at the first one; with
        `moment`, as another transaction that is still open sees it (see `export_moment`).
        """
        with WiredSession(self._app) as session:
            begin_as(session, tenant, one_moment=one_moment, moment=moment)
            yield session
            session.commit()

    @contextmanager
    def ask(self, tenant: Tenant) -> Iterator[Trip]:
        """Yield a trip whose answers are known when the block is left.

        The whole transaction is one round trip, so that nothing can follow from an answer in it.
        """
        with self.tenant(tenant) as session, unanswered(session) as trip:
            yield trip

    @contextmanager
    def sweep(self) -> Iterator[Session]:
        """Yield a session that may read over all shops, in one transaction."""
        with Session(self._sweep) as session, session.begin():
            yield session

    def close(self) -> None:
        """Close every pooled connection."""
        for name in ("owner", "_app", "_sweep"):
            held = self.__dict__.get(name)
            if held is not None:
                held.dispose()


def export_moment(session: Session) -> str:
    """Return the moment that this transaction sees, so that others can look at the same one."""
    return str(session.scalar(text("select pg_export_snapshot()")))


def begin_as(
    session: Session, tenant: Tenant, *, one_moment: bool = False, moment: str | None = None
) -> None:
    """Begin the session's transaction and tell row-level security whose rows it may see.

    Both is said along with the first statement. What went past it would see nothing.
    """
    if one_moment or moment is not None:
        # A moment is what PostgreSQL made up itself; see export_moment.
        at = "" if moment is None else f"; set transaction snapshot '{moment}'"
        send_at_once(session, f"begin isolation level repeatable read{at}")
    say_first(session, _NAME_TENANT, (_id(tenant.program_id), _id(tenant.shop_id)))


def name_tenant(session: Session, tenant: Tenant) -> None:
    """Tell row-level security whose rows this transaction may see."""
    with one_trip(session) as trip:
        trip.ask(_NAME_TENANT, (_id(tenant.program_id), _id(tenant.shop_id)))


def _id(value: int | None) -> str:
    return "" if value is None else str(int(value))
