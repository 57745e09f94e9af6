"""What no webhook told is found at Shopify, whatever it was: deliveries are switched off here."""

from datetime import timedelta

import pytest

from app import clock
from app.db.models import Award, CustomerOrder, Lot, Member, MemberIdentity
from app.flows.find_deleted_orders import find_deleted_orders
from app.flows.read_history import read_history
from app.flows.reconcile import reconcile_shop
from app.services.verify_ledger import verify_ledger
from devstore.store import CartLine


@pytest.fixture
def places(running, parts, opened, tenant, customer):
    """Return a function that lets the customer buy so many teas, and no webhook tell of it."""
    # The past has been read: there is none.
    while read_history(parts, opened.shop_id, budget_s=10):
        pass
    # Shopify tells whole seconds: an order of the same one might seem older than the programme.
    later(running, minutes=5)
    variant = running.store.products.all()[0].variants[0].id

    def place(quantity, **more):
        return running.store.orders.place(customer.id, [CartLine(variant, quantity)], **more)

    return place


@pytest.fixture(autouse=True)
def clock_again():
    yield
    clock.set_offset(timedelta(0))


def later(running, **delta):
    seconds = int(timedelta(**delta).total_seconds())
    clock.set_offset(timedelta(seconds=running.store.clock.advance(seconds)))


@pytest.fixture
def points(parts, tenant, opened):
    """Return a function that tells what a customer's orders are worth, their ledger proved."""

    def points(customer_id):
        with parts.database.tenant(tenant) as session:
            found = verify_ledger(
                session, program_id=opened.program_id, ledger_key=parts.settings.ledger_key
            )
            assert found == []
            awards = (
                session.query(Award)
                .join(MemberIdentity, MemberIdentity.member_id == Award.member_id)
                .filter(MemberIdentity.customer_id == customer_id, Award.source_kind == "order")
            )
            return sum(award.points for award in awards)

    return points


def test_orders_refunds_and_cancellations_that_were_missed(
    places, running, parts, opened, customer, points
):
    kept, sent_back, cancelled = places(5), places(10), places(20)
    first = reconcile_shop(parts, opened.shop_id)
    before = points(customer.id)
    later(running, minutes=5)
    [line] = sent_back.lines
    running.store.orders.refund(sent_back.id, [(line.id, 10)])
    running.store.orders.cancel(cancelled.id)

    second = reconcile_shop(parts, opened.shop_id)
    third = reconcile_shop(parts, opened.shop_id)

    assert first.taken_in == 3
    assert second.taken_in == 2
    assert third.taken_in == 0
    after = points(customer.id)
    assert before == 7 * after > 0
    assert kept.id


def test_an_order_that_was_deleted(places, running, parts, opened, tenant, customer, points):
    order = places(5)
    reconcile_shop(parts, opened.shop_id)
    before = points(customer.id)
    running.store.orders.cancel(order.id)
    running.store.orders.delete(order.id)

    changed = reconcile_shop(parts, opened.shop_id)
    between = points(customer.id)
    gone = find_deleted_orders(parts, opened.shop_id)

    assert before == between > 0
    assert (changed.taken_in, gone.deleted) == (0, 1)
    assert points(customer.id) == 0
    with parts.database.tenant(tenant) as session:
        assert session.query(CustomerOrder).one().deleted_at is not None


def test_an_order_that_was_moved_to_another_customer(
    places, running, parts, opened, customer, points
):
    order = places(5)
    reconcile_shop(parts, opened.shop_id)
    before = points(customer.id)
    other = running.store.customers.create(first_name="Somsri", email="somsri@example.com")
    later(running, minutes=5)
    running.store.orders.move(order.id, other.id)

    reconcile_shop(parts, opened.shop_id)

    assert before > 0
    assert (points(customer.id), points(other.id)) == (0, before)


def test_it_waits_while_shopify_throttles_it(places, running, parts, opened, customer, points):
    places(5)
    running.fail("ChangedOrders", "throttled", count=1)

    progress = reconcile_shop(parts, opened.shop_id)

    assert progress.taken_in == 1


@pytest.mark.parametrize("parts_of_it", [1, 2])
def test_an_order_first_seen_days_after_it_was_paid_has_its_points_from_the_payment(
    places, running, parts, opened, tenant, parts_of_it
):
    order = places(5, mark_paid=False)
    later(running, days=2)
    if parts_of_it == 2:
        running.store.orders.pay_part(order.id, 100)
        later(running, days=1)
    paid = running.store.orders.pay(order.id)
    later(running, days=3)
    add_a_line_and_pay(running, order)

    reconcile_shop(parts, opened.shop_id)

    with parts.database.tenant(tenant) as session:
        assert session.query(CustomerOrder).one().paid_at == paid.updated_at
        [lot] = session.query(Lot).filter(Lot.available_at > paid.updated_at)
        assert lot.available_at == paid.updated_at + timedelta(days=14)


def add_a_line_and_pay(running, order):
    variant = running.store.products.all()[1].variants[0]
    running.store.orders.edit(order.id, add=[CartLine(variant.id, 1)])
    running.store.orders.pay(order.id)


def test_an_order_paid_later_unseen(places, running, parts, opened, tenant, customer, points):
    order = places(5, mark_paid=False)
    reconcile_shop(parts, opened.shop_id)
    unpaid = points(customer.id)
    later(running, days=1)
    running.store.orders.pay(order.id)

    reconcile_shop(parts, opened.shop_id)

    assert unpaid == 0
    assert points(customer.id) > 0
    with parts.database.tenant(tenant) as session:
        assert sum(member.pending for member in session.query(Member)) > 0
