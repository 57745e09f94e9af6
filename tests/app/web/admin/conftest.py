"""The embedded pages of one installed shop, asked as App Bridge asks."""

import pytest
from sqlalchemy import select

from app.clock import utc_now
from app.db.models import Member
from app.db.session import Tenant
from app.web.admin import assets, blueprint, customer_export
from app.web.locale.selection import speak
from tests.fixtures.orders import line, paid_order


@pytest.fixture
def admin(web, sign_id_token, monkeypatch):
    """Return a client whose requests carry a good token; the first one installs the app."""
    monkeypatch.setattr(
        assets, "_manifest", lambda: {"admin.js": "admin-1.js", "admin.css": "admin-1.css"}
    )
    speak(web)
    web.register_blueprint(blueprint)
    if "downloads" not in web.blueprints:
        web.register_blueprint(customer_export.blueprint)
    client = web.test_client(use_cookies=False)
    client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {sign_id_token()}"
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    assert client.get("/").status_code == 200
    return client


@pytest.fixture
def tenant(admin, parts):
    with parts.database.owner.connect() as connection:
        row = connection.exec_driver_sql("select id, program_id from shop").one()
    return Tenant(shop_id=row.id, program_id=row.program_id)


@pytest.fixture
def member_id(parts, tenant, take_in):
    """A member with one paid order of ฿1,200: 48 points, pending for 14 days."""
    tea = line(1, 120_000, quantity=2, title="Jasmine tea")
    take_in(paid_order(1043, tea, at=utc_now(), customer=7001, currency="THB", name="#1043"))
    with parts.database.tenant(tenant) as session:
        return session.scalars(select(Member.id)).one()
