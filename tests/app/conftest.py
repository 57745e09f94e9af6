"""An installation of the app at one shop, with a real database and a Shopify that obeys."""

import time
from pathlib import Path

import jwt
import pytest
from cryptography.fernet import Fernet
from flask import Flask

import app.web
from app.container import Container, attach
from app.db.session import Database
from app.settings import Settings
from app.web.errors import register_errors
from tests.app.fake_shopify import FakeShopify, RecordedJobs

SHOP = "tea.myshopify.com"


@pytest.fixture
def fake():
    return FakeShopify()


@pytest.fixture
def recorded_jobs():
    return RecordedJobs()


@pytest.fixture(scope="session")
def installation_settings(database_url):
    return Settings(
        database_url=database_url,
        shopify_client_id="client-1",
        shopify_client_secret="secret-1-long-enough-for-hs256-signing",
        app_url="https://app.example",
        encryption_keys=(Fernet.generate_key().decode(),),
        ledger_key=b"k" * 32,
    )


@pytest.fixture
def parts(installation_settings, fake, recorded_jobs, empty_database):
    database = Database(installation_settings.database_url)
    yield Container(
        settings=installation_settings, database=database, jobs=recorded_jobs, shopify=fake
    )
    database.close()


@pytest.fixture
def empty_database(installation_settings):
    """Empty every table, for flows commit what they do."""
    database = Database(installation_settings.database_url)
    yield
    with database.owner.begin() as connection:
        connection.exec_driver_sql("set local session_replication_role = replica")
        names = connection.exec_driver_sql(
            "select tablename from pg_tables where schemaname = 'public'"
            " and tablename <> 'alembic_version'"
        ).scalars()
        for name in list(names):
            connection.exec_driver_sql(f'delete from "{name}"')
    database.close()


@pytest.fixture
def sign_id_token(installation_settings):
    """Return a function that signs an admin id token, with changes."""

    def sign(shop=SHOP, **changes):
        now = int(time.time())
        claims = {
            "iss": f"https://{shop}/admin",
            "dest": f"https://{shop}",
            "aud": "client-1",
            "sub": "42",
            "exp": now + 60,
            "nbf": now,
            "iat": now,
            "jti": "a",
            "sid": "b",
        }
        return jwt.encode(claims | changes, installation_settings.shopify_client_secret, "HS256")

    return sign


@pytest.fixture
def web(parts):
    """Return the Flask app with nothing but errors and templates; tests register their part."""
    flask_app = Flask("app.web", root_path=str(Path(app.web.__file__).parent))
    flask_app.json.ensure_ascii = False
    attach(flask_app, parts)
    register_errors(flask_app)
    return flask_app
