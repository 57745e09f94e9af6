"""Staff open every posting into its receipt: what counted, what it took from where, and why."""

import re
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select

from app.clock import utc_now
from app.db.encryption import Vault
from app.db.models import Member, Posting, Reward
from app.domain.order_snapshot import snapshot_from_json
from app.services.hold_points import hold_points
from app.services.mature_and_expire import mature_and_expire
from app.services.merge_members import merge_members


@pytest.fixture
def change(parts, tenant, take_in):
    """Take in a newer state of the member's order."""

    def change(**changes):
        with parts.database.tenant(tenant) as session:
            stored = session.connection().exec_driver_sql("select snapshot from customer_order")
            order = snapshot_from_json(stored.scalar_one())
        newer = order.updated_at + timedelta(minutes=1)
        line = replace(order.lines[0], current_quantity=changes.pop("quantity", 2))
        take_in(replace(order, updated_at=newer, lines=(line,), **changes))

    return change


@pytest.fixture
def receipt(admin, parts, tenant, member_id):
    """Return what the newest posting of a kind opens into, as texts."""

    def receipt(kind):
        with parts.database.tenant(tenant) as session:
            sequence = session.scalars(
                select(Posting.sequence)
                .where(Posting.member_id == member_id, Posting.kind == kind)
                .order_by(Posting.sequence.desc())
                .limit(1)
            ).one()
        answer = admin.get(f"/members/{member_id}/receipts/{sequence}")
        assert answer.status_code == 200
        assert f'<turbo-frame id="receipt-{member_id}-{sequence}"' in answer.text
        return re.findall(r"<(?:p|td|h3)[^>]*>([^<]+)<", answer.text)

    return receipt


def adjust(admin, member_id, points, direction="add"):
    form = {"key": str(uuid4()), "direction": direction, "points": points, "note": "Broken pot"}
    assert admin.post(f"/members/{member_id}/adjust", data=form).status_code == 303


def test_an_order_opens_into_lines_rate_and_dates(receipt):
    told = receipt("earn")

    assert told[:3] == ["Jasmine tea × 2 · ฿1,200", "+48", "฿1,200 at 1 point for every ฿25."]
    assert told[3].startswith("48 points, usable from ")
    assert told[4].endswith("by version 1 of the rules.")


def test_an_order_that_changed_says_how_it_came_about(change, receipt):
    change(quantity=1, financial_status="partially_refunded")

    told = receipt("take_back")

    assert told[:2] == ["Jasmine tea × 1 · ฿600 left of ฿1,200", "+24"]
    start = told.index("How it came about")
    assert told[start + 2 :: 2][:2] == ["+48", "−24"]
    assert told[start + 3].endswith("Reckoned again as the order changed")


def test_an_adjustment_tells_its_note_and_who_made_it(admin, member_id, receipt):
    adjust(admin, member_id, "30")

    told = receipt("adjust")

    assert told[0] == "Broken pot"
    assert re.fullmatch(r"Made by the member of staff with number \d+ at Shopify\.", told[-1])


def test_points_that_staff_took_name_where_they_came_from(admin, member_id, receipt):
    adjust(admin, member_id, "30")
    adjust(admin, member_id, "10", "take")

    assert receipt("adjust")[1:4] == ["Taken from", "Given by staff", "−10"]


def test_a_redemption_names_the_lots_it_took_and_its_code(admin, parts, tenant, member_id, receipt):
    adjust(admin, member_id, "150")
    vault = Vault(parts.settings.encryption_keys, parts.settings.ledger_key)
    with parts.database.tenant(tenant) as session:
        hold_points(
            session,
            program_id=tenant.program_id,
            shop_id=tenant.shop_id,
            member_id=member_id,
            reward_id=session.scalars(select(Reward.id).where(Reward.points == 100)).one(),
            idempotency_key="key-12345",
            customer_id=7001,
            surface="widget",
            seal=lambda _: vault.seal("RG-BCDF"),
            now=utc_now(),
            ledger_key=parts.settings.ledger_key,
        )

    told = receipt("hold")

    assert told[:3] == ["Taken from", "Given by staff", "−100"]
    assert told[-2:] == ["Waiting for its code.", "Code RG-BCDF."]


def test_an_expiry_names_what_was_not_used_in_time(parts, tenant, member_id, receipt):
    with parts.database.tenant(tenant) as session:
        mature_and_expire(
            session,
            program_id=tenant.program_id,
            now=utc_now() + timedelta(days=400),
            ledger_key=parts.settings.ledger_key,
        )

    told = receipt("expire")

    assert told[:3] == ["Not used in time", "Order #1043", "−48"]
    assert "usable from" in told[3]


def test_a_merge_names_what_came_from_the_other_account(admin, parts, tenant, member_id):
    with parts.database.tenant(tenant) as session:
        kept = merge_members(
            session,
            shop_id=tenant.shop_id,
            program_id=tenant.program_id,
            kept_customer_id=7002,
            merged_customer_id=7001,
            now=utc_now(),
            ledger_key=parts.settings.ledger_key,
        )
        moved = session.execute(
            select(Posting.member_id, Posting.sequence).where(Posting.kind == "transfer")
        ).all()

    told = {
        owner: admin.get(f"/members/{owner}/receipts/{sequence}").text for owner, sequence in moved
    }

    assert set(told) == {kept, member_id}
    assert "Came from the other account" in told[kept]
    assert "Went to the other account" in told[member_id]
    for text in told.values():
        assert "Order #1043" in text
        assert "turned out to be one person" in text


def test_a_posting_that_is_not_there_is_not_found(admin, member_id):
    assert admin.get(f"/members/{member_id}/receipts/99").status_code == 404


def test_receipts_of_another_shop_are_not_found(admin, parts, member_id, sign_id_token):
    other = {"Authorization": f"Bearer {sign_id_token(shop='soap.myshopify.com')}"}
    assert admin.get("/members", headers=other).status_code == 200

    assert admin.get(f"/members/{member_id}/receipts/1", headers=other).status_code == 404


def test_every_posting_of_a_ledger_can_be_opened(admin, parts, tenant, member_id, change, receipt):
    adjust(admin, member_id, "30")
    change(quantity=1, financial_status="partially_refunded")
    change(quantity=0, financial_status="refunded")
    with parts.database.tenant(tenant) as session:
        count = session.scalars(select(Member.posting_count).where(Member.id == member_id)).one()

    for sequence in range(1, count + 1):
        assert admin.get(f"/members/{member_id}/receipts/{sequence}").status_code == 200
