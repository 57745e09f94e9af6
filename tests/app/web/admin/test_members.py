"""Staff look members up, see every point, and adjust with a reason."""

from uuid import uuid4

import pytest

from app.db.queries.members import get_member
from app.services.verify_ledger import verify_ledger


def adjustment(**changes):
    return {"key": str(uuid4()), "direction": "add", "points": "30", "note": "Sorry"} | changes


def balance(parts, tenant, member_id):
    with parts.database.tenant(tenant) as session:
        return get_member(session, member_id).available


def test_the_list_links_to_each_member(admin, member_id):
    text = admin.get("/members").text

    assert f'href="/members/{member_id}"' in text
    assert "Customer 7001" in text


def test_an_empty_programme_says_how_members_appear(admin):
    assert "Members appear here by themselves" in admin.get("/members").text


def test_search_finds_a_customer_by_number(admin, member_id):
    assert "Customer 7001" in admin.get("/members?query=7001").text
    assert "Nobody found" in admin.get("/members?query=7002").text


def test_the_ledger_shows_every_posting_with_a_way_to_its_receipt(admin, member_id):
    text = admin.get(f"/members/{member_id}").text

    assert "Order #1043" in text
    assert "issued → pending" in text
    assert f'src="/members/{member_id}/receipts/1" loading="lazy"' in text


def test_an_adjustment_is_posted_once_however_often_it_is_sent(admin, parts, tenant, member_id):
    form = adjustment()

    for _attempt in range(2):
        answer = admin.post(f"/members/{member_id}/adjust", data=form)
        assert answer.location == f"/members/{member_id}?done=adjusted"

    assert balance(parts, tenant, member_id) == 30
    assert "Sorry" in admin.get(f"/members/{member_id}").text
    with parts.database.tenant(tenant) as session:
        assert (
            verify_ledger(
                session, program_id=tenant.program_id, ledger_key=parts.settings.ledger_key
            )
            == []
        )


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"points": "0"}, "Enter a number from 1 to 1,000,000."),
        ({"points": ""}, "Enter how many points."),
        ({"note": ""}, "Say why, for whoever reads the ledger."),
        ({"direction": "take", "points": "5"}, "The member has 0 to take."),
        ({"key": "x"}, "Open the page again and repeat the adjustment."),
    ],
)
def test_an_adjustment_that_cannot_be_made_says_why(
    admin, parts, tenant, member_id, changes, sentence
):
    answer = admin.post(f"/members/{member_id}/adjust", data=adjustment(**changes))

    assert answer.status_code == 422
    assert sentence in answer.text
    assert balance(parts, tenant, member_id) == 0


def test_points_owed_are_shown_as_owed(admin, parts, tenant, member_id):
    with parts.database.owner.begin() as connection:
        connection.exec_driver_sql("update member set available = -12 where id = %s", (member_id,))

    text = " ".join(admin.get(f"/members/{member_id}").text.split())

    assert '<dt> Owed </dt> <dd class="number"> 12 </dd>' in text
    assert "filled by the next points" in text


def test_a_member_of_nobody_is_not_found(admin):
    assert admin.get("/members/999999").status_code == 404


def test_members_of_another_shop_are_not_found(admin, member_id, sign_id_token, fake):
    token = sign_id_token(shop="soap.myshopify.com")
    other = {"Authorization": f"Bearer {token}"}

    assert admin.get("/members", headers=other).status_code == 200
    assert admin.get(f"/members/{member_id}", headers=other).status_code == 404
