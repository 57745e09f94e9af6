"""Staff read on the member's page what expires next, and whether the customer is warned."""

from datetime import timedelta

import pytest

from app.clock import set_offset, utc_now
from app.services.mature_and_expire import mature_and_expire


@pytest.fixture
def in_days(parts, tenant, member_id):
    """Return a function that lets days pass and the job run."""

    def pass_by(days):
        set_offset(timedelta(days=days))
        with parts.database.tenant(tenant) as session:
            mature_and_expire(
                session,
                program_id=tenant.program_id,
                now=utc_now(),
                ledger_key=parts.settings.ledger_key,
            )

    yield pass_by
    set_offset(timedelta(0))


@pytest.mark.parametrize(
    ("days", "told"),
    [(1, None), (20, "48 expire on "), (14 + 345, "48 expire on "), (14 + 370, None)],
)
def test_the_member_page_says_what_expires_next(
    admin, in_days, member_id, sign_id_token, days, told
):
    in_days(days)

    text = admin.get(f"/members/{member_id}").text

    assert (told in text) if told else (" expire on " not in text)
    assert ("the customer is warned of it" in text) is (days == 14 + 345)
