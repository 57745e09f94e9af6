"""The tables and functions of the job queue, as the package ships them."""

from pathlib import Path

import procrastinate.schema
import psycopg
from alembic import op

revision = "0002"
down_revision = "0001"

SCHEMA = Path(procrastinate.schema.__file__).parent / "sql" / "schema.sql"


def upgrade() -> None:
    """Run the package's schema through the driver, which reads no parameters into it."""
    driver = op.get_bind().connection.driver_connection
    if not isinstance(driver, psycopg.Connection):
        raise TypeError("The migrations need psycopg 3.")
    driver.execute(SCHEMA.read_bytes())
