"""A shop that was found once is found again without a search, and never after it is gone."""

import pytest

from app.clock import wall_now
from app.db.models import Shop
from app.flows.install import open_shop
from app.services.redact_shop import redact_shop
from app.services.uninstall_shop import uninstall_shop
from app.shopify.id_tokens import read_admin_token


@pytest.fixture
def change_shop(parts):
    def change_shop(**values):
        with parts.database.owner.begin() as connection:
            connection.execute(Shop.__table__.update().values(**values))

    return change_shop


def test_a_shop_is_searched_for_once(ask, buyer, parts, monkeypatch):
    ask("GET", "panel", locale="en")
    monkeypatch.setattr(type(parts.database), "sweep", None)

    assert ask("GET", "panel", locale="en").json["balance"]["available"] == 1_000


def test_a_shop_that_uninstalled_is_not_served_any_more(ask, buyer, change_shop):
    assert ask("GET", "panel", locale="en").status_code == 200

    change_shop(uninstalled_at=wall_now())

    assert ask("GET", "panel", locale="en").status_code == 404


def test_a_shop_that_comes_back_empty_is_another_one(
    ask, buyer, parts, opened, tenant, sign_id_token
):
    assert ask("GET", "panel", locale="en").json["balance"]["available"] == 1_000
    with parts.database.tenant(tenant) as session:
        uninstall_shop(session, shop_id=opened.shop_id, triggered_at=wall_now())
        redact_shop(session, shop_id=opened.shop_id, now=wall_now())

    again = open_shop(parts, read_admin_token(sign_id_token(), parts.settings))

    assert again.shop_id != opened.shop_id
    assert ask("GET", "panel", locale="en").json["balance"]["available"] == 0
