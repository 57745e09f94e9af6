"""The database of the development installation: the user's own, or one in the embedded server."""

import contextlib
import os
from collections.abc import Iterator
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql

from app.db.embedded_postgres import embedded_postgres
from app.development.installation import PROJECT

DATABASE = "regulars_demo"


@contextlib.contextmanager
def development_database() -> Iterator[str]:
    """Yield the owner's URL: DATABASE_URL's database, else the demo's in the embedded server."""
    given = os.environ.get("DATABASE_URL")
    if given:
        yield given
        return
    with embedded_postgres(PROJECT) as superuser_url:
        _create_if_missing(superuser_url)
        yield urlunsplit(urlsplit(superuser_url)._replace(path=f"/{DATABASE}"))


def _create_if_missing(superuser_url: str) -> None:
    with psycopg.connect(superuser_url, autocommit=True) as connection:
        found = connection.execute("select 1 from pg_database where datname = %s", [DATABASE])
        if found.fetchone() is None:
            connection.execute(sql.SQL("create database {}").format(sql.Identifier(DATABASE)))


def empty_schema(database_url: str) -> None:
    """Drop every table of the database, so that the next migration begins anew."""
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute("drop schema public cascade")
        connection.execute("create schema public")
