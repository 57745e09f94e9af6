"""Runs the migrations as the owner of the tables, each in a transaction of its own."""

from alembic import context
from sqlalchemy import Connection, create_engine, make_url
from sqlalchemy.pool import NullPool

from app.db.models import Base
from app.settings import load_settings


def _run(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        transaction_per_migration=True,
        compare_server_default=True,
    )
    with context.begin_transaction():
        context.run_migrations()


def _url() -> str:
    """Return the URL that the caller set, else the installation's own."""
    configured: str | None = context.config.attributes.get("database_url")
    return configured or load_settings().database_url


engine = create_engine(make_url(_url()).set(drivername="postgresql+psycopg"), poolclass=NullPool)
with engine.connect() as migrating:
    _run(migrating)
