"""Staff download what is held about a customer, by an address that is good for some minutes."""

import re
from datetime import timedelta
from html import unescape

import pytest

from app.clock import utc_now
from app.db.queries.data_requests import open_data_requests
from app.services.note_data_request import note_data_request
from app.web.admin import customer_export


@pytest.fixture
def downloads(web):
    web.register_blueprint(customer_export.blueprint)


@pytest.fixture
def asked(parts, tenant, member_id):
    with parts.database.tenant(tenant) as session:
        note_data_request(session, shop_id=tenant.shop_id, customer_id=7001, now=utc_now())


def link_on(page):
    [address] = re.findall(r'href="([^"]+/downloads/[^"]+)"', page.text)
    return unescape(address)


def without_staff(admin, address):
    """Ask as a tab of its own does: nothing but the address says who asks."""
    return admin.get(
        address.removeprefix("https://app.example"), headers={"Authorization": "Bearer none"}
    )


def test_the_member_page_leads_to_a_file_with_everything(downloads, admin, member_id):
    address = link_on(admin.get(f"/members/{member_id}"))

    answer = without_staff(admin, address)

    assert answer.headers["Content-Disposition"] == (
        f'attachment; filename="member-{member_id}.json"'
    )
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.json["member"]["pending"] == 48
    assert answer.json["orders"][0]["name"] == "#1043"


def test_who_asked_is_listed_until_staff_took_the_file(
    downloads, admin, parts, tenant, member_id, asked
):
    assert "1 customer asked for their data" in admin.get("/").text
    page = admin.get("/deliveries")
    assert "Customers who asked for their data" in page.text
    assert "Customer 7001" in page.text

    assert without_staff(admin, link_on(page)).status_code == 200

    with parts.database.tenant(tenant) as session:
        assert open_data_requests(session, tenant.shop_id) == []
    assert "Customers who asked for their data" not in admin.get("/deliveries").text
    assert "asked for their data" not in admin.get("/").text


def test_an_address_is_good_for_some_minutes_only(downloads, admin, member_id, monkeypatch):
    address = link_on(admin.get(f"/members/{member_id}"))
    later = customer_export.wall_now() + timedelta(minutes=16)
    monkeypatch.setattr(customer_export, "wall_now", lambda: later)

    assert without_staff(admin, address).status_code == 410


@pytest.mark.parametrize("token", ["x", "Z0FBQUFB", "%00"])
def test_an_address_that_nobody_gave_out_leads_nowhere(downloads, admin, token):
    assert without_staff(admin, f"/downloads/customer/{token}").status_code == 410


def test_another_secret_of_the_app_is_no_address(downloads, admin, parts):
    vault = customer_export.vault_of(parts)
    name = vault.encrypt('{"shop_id": 1, "program_id": 1, "member_id": 1}').decode()

    assert without_staff(admin, f"/downloads/customer/{name}").status_code == 410
