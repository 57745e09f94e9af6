"""An installation of the app at one shop, with a real database and a Shopify that obeys."""

import time
from datetime import timedelta
from pathlib import Path

import jwt
import pytest
from cryptography.fernet import Fernet
from flask import Flask

import app.web
from app.clock import utc_now
from app.container import Container, attach
from app.db.models import Member, Reward
from app.db.queries.members import member_of_customer
from app.db.session import Database, Tenant
from app.flows.install import open_shop
from app.flows.redeem import Buyer
from app.services.adjust_points import adjust_points
from app.services.award_orders import award_orders
from app.services.enrol_customers import CustomerState, PersonalData, enrol_customers
from app.settings import Settings
from app.shopify.id_tokens import read_admin_token
from app.web.errors import register_errors
from tests.app.fake_shopify import FakeShopify, RecordedJobs
from tests.app.store_fixtures import database, instant_store, store  # noqa: F401 - fixtures

SHOP = "tea.myshopify.com"
CUSTOMER_ID = 7


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


@pytest.fixture(scope="session")
def installation_database(installation_settings):
    opened = Database(installation_settings.database_url)
    yield opened
    opened.close()


@pytest.fixture
def parts(installation_settings, installation_database, fake, recorded_jobs, empty_database):
    return Container(
        settings=installation_settings,
        database=installation_database,
        jobs=recorded_jobs,
        shopify=fake,
    )


@pytest.fixture
def empty_database(installation_database):
    """Empty every table, for tests before this one committed what they did."""
    with installation_database.owner.begin() as connection:
        names = connection.exec_driver_sql(
            "select tablename from pg_tables where schemaname = 'public'"
            " and tablename <> 'alembic_version'"
        ).scalars()
        deletes = "; ".join(f'delete from "{name}"' for name in names)
        # The ledger refuses deletion by triggers; as a replica there are none.
        connection.exec_driver_sql(f"set local session_replication_role = replica; {deletes}")


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


@pytest.fixture
def opened(parts, sign_id_token, fake):
    opened = open_shop(parts, read_admin_token(sign_id_token(), parts.settings))
    fake.asked.clear()
    return opened


@pytest.fixture
def tenant(opened):
    return Tenant(program_id=opened.program_id, shop_id=opened.shop_id)


@pytest.fixture
def take_in(parts, tenant):
    """Return a function that takes in orders as the drain does."""

    def take_in(*orders):
        with parts.database.tenant(tenant) as session:
            award_orders(
                session,
                shop_id=tenant.shop_id,
                program_id=tenant.program_id,
                snapshots=orders,
                now=utc_now(),
                ledger_key=parts.settings.ledger_key,
            )

    return take_in


@pytest.fixture
def enrol(parts, opened, tenant):
    """Return a function that makes a customer a member with so many points to spend."""

    def enrol(customer_id, points):
        created_at = utc_now() - timedelta(days=30)
        key = parts.settings.ledger_key
        with parts.database.tenant(tenant) as session:
            enrol_customers(
                session,
                shop_id=opened.shop_id,
                program_id=opened.program_id,
                customers=[
                    CustomerState(
                        customer_id=customer_id,
                        created_at=created_at,
                        updated_at=created_at,
                        personal=PersonalData(name=None, email=None, email_hash=None),
                    )
                ],
                now=utc_now(),
                ledger_key=key,
            )
            member_id = member_of_customer(session, opened.shop_id, customer_id)
            if points:
                adjust_points(
                    session,
                    program_id=opened.program_id,
                    member_id=member_id,
                    points=points,
                    key="start",
                    actor="system",
                    note=None,
                    now=utc_now(),
                    ledger_key=key,
                )
        return Buyer(
            shop_id=opened.shop_id,
            program_id=opened.program_id,
            member_id=member_id,
            customer_id=customer_id,
        )

    return enrol


@pytest.fixture
def buyer(enrol):
    return enrol(CUSTOMER_ID, 1_000)


@pytest.fixture
def rewards(parts, tenant, buyer):
    """Return the default rewards by type."""
    with parts.database.tenant(tenant) as session:
        return {
            reward.type: reward.id for reward in session.query(Reward).order_by(Reward.position)
        }


@pytest.fixture
def balances(parts, tenant, buyer):
    """Return a function that tells the member's points: (available, held)."""

    def balances():
        with parts.database.tenant(tenant) as session:
            member = session.get_one(Member, buyer.member_id)
            return (member.available, member.held)

    return balances
