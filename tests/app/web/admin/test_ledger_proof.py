"""The home page says when the ledger was proved, or what is wrong with it."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import text

from app.flows.prove_ledger import prove_ledger

PROVED_AT = datetime(2026, 11, 20, 3, 10, tzinfo=UTC)


@pytest.fixture
def prove(parts, tenant):
    """Return a function that proves the shop's ledger."""

    def prove():
        prove_ledger(
            parts.database,
            program_id=tenant.program_id,
            ledger_key=parts.settings.ledger_key,
            now=PROVED_AT,
        )

    return prove


def test_before_the_first_proof_nothing_is_claimed(admin):
    text = admin.get("/").text

    assert "Ledger proved" not in text
    assert "difference" not in text


def test_a_proved_ledger_is_told_with_its_day_and_size(admin, member_id, prove):
    prove()

    text = admin.get("/").text

    assert "Ledger proved on 20 Nov 2026" in text
    assert ": 1 posting, no difference." in text


def test_what_is_wrong_is_told_in_sentences(admin, parts, member_id, prove):
    with parts.database.owner.begin() as connection:
        connection.execute(text("update member set pending = pending + 1"))
    prove()

    english = admin.get("/").text
    thai = admin.get("/", headers={"Accept-Language": "th"}).text

    assert "found 2 differences." in english
    assert f"Member {member_id}: pending / available / held are not what" in english
    assert "Ledger proved" not in english
    assert f"สมาชิก {member_id}" in thai
