"""The migrations make what the models say."""

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from app.db.migrate import migrate
from app.db.models import Base


def test_models_and_migrations_agree(database):
    with database.owner.connect() as connection:
        context = MigrationContext.configure(
            connection,
            opts={
                "compare_server_default": True,
                "include_name": lambda name, kind, _: (
                    kind != "table" or not name.startswith("procrastinate_")
                ),
            },
        )

        assert compare_metadata(context, Base.metadata) == []


def test_migrating_twice_changes_nothing(database):
    migrate(database.conninfo())
