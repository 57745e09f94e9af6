"""The databases that tests are given."""

import psycopg


def test_a_test_database_is_migrated(database_url):
    with psycopg.connect(database_url) as connection:
        tables = {name for (name,) in connection.execute("select tablename from pg_tables")}

    assert "alembic_version" in tables


def test_an_empty_database_has_no_tables(new_database):
    with psycopg.connect(new_database(migrated=False)) as connection:
        count = connection.execute("select count(*) from pg_tables where schemaname = 'public'")

        assert count.fetchone() == (0,)
