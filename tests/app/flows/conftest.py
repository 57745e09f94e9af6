"""A shop with one member who has points to spend."""

from datetime import timedelta

import pytest

from app.clock import utc_now
from app.db.models import Member, Reward
from app.db.queries.members import member_of_customer
from app.db.session import Tenant
from app.flows.install import open_shop
from app.flows.redeem import Buyer
from app.services.adjust_points import adjust_points
from app.services.enrol_customers import CustomerState, PersonalData, enrol_customers
from app.shopify.id_tokens import read_admin_token

CUSTOMER_ID = 7


@pytest.fixture
def opened(parts, sign_id_token, fake):
    opened = open_shop(parts, read_admin_token(sign_id_token(), parts.settings))
    fake.asked.clear()
    return opened


@pytest.fixture
def tenant(opened):
    return Tenant(program_id=opened.program_id, shop_id=opened.shop_id)


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
