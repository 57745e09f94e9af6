"""Who Shopify names as signed in is noted once, for rules that let only accounts earn."""

import pytest
from sqlalchemy import select

from app.db.models import MemberIdentity


@pytest.fixture
def signed_in_at(parts, tenant, buyer):
    """Return a function that tells when the member was first seen signed in."""

    def signed_in_at():
        with parts.database.tenant(tenant) as session:
            return session.scalars(select(MemberIdentity.signed_in_at)).one()

    return signed_in_at


def test_the_first_look_of_a_signed_in_shopper_is_noted(ask, signed_in_at):
    assert signed_in_at() is None

    ask("GET", "panel", locale="en")
    first = signed_in_at()
    ask("GET", "panel", locale="en")

    assert first is not None
    assert signed_in_at() == first


def test_guests_and_forged_names_are_not_noted(ask, signed_in_at):
    ask("GET", "panel", customer_id=None, locale="en")
    ask("GET", "panel", tampered={"logged_in_customer_id": ["7"]}, customer_id=None, locale="en")

    assert signed_in_at() is None
