"""What the rules keep from earning, told by webhook and asked of the Admin API.

A shop in US dollars, a point a dollar: ten packets of the first tea at $4.80 and five of the
second at $4.00 are $68.
"""

from dataclasses import replace

import pytest
from sqlalchemy import func, select

from app.clock import utc_now
from app.db.models import CustomerOrder, OrderFact
from app.db.queries.work_waiting import shops_wanting_facts
from app.domain.program_rules import ProgramRules
from app.domain.receipt import read_lines
from app.flows.fetch_order_facts import fetch_order_facts
from app.jobs.shopify_away import put_off_without_shopify
from app.services.note_signed_in import note_signed_in
from app.services.publish_rules import publish_rules
from app.shopify.errors import ShopifyUnavailable
from devstore.store import CartLine, Discount
from devstore.store.collections import COLLECTIONS

EARN_NOTHING_FOR_SIGNING_UP = ProgramRules(sign_up_points=0)


@pytest.fixture
def open_town(shop, delivery):
    """Return a function that opens a shop with these exclusions."""

    def open_town(accounts=None, **exclusions):
        rules = replace(EARN_NOTHING_FOR_SIGNING_UP, **exclusions)
        return shop(delivery, rules, **(accounts or {}))

    return open_town


def end(town):
    town.tell()
    town.tell_all()


def product(town, place):
    return town.store.products.all()[place]


def reasons(town, order):
    """Return (kind, detail, points) of each line of the receipt."""
    lines = read_lines(town.award(order).receipt)
    return [(each.kind, each.detail, each.points) for each in lines]


def facts_kept(town):
    with town.parts.database.tenant(town.tenant) as session:
        return session.scalar(select(func.count()).select_from(OrderFact))


def waiting(town):
    with town.parts.database.tenant(town.tenant) as session:
        wanted = select(func.count()).where(CustomerOrder.facts_wanted)
        return session.scalar(wanted)


def test_a_product(shop, delivery):
    town = shop(delivery)
    excluded = product(town, 0)
    publish(town, excluded_product_ids=(excluded.id,))
    order = town.buy(town.customer(), 10, 5)
    end(town)

    assert reasons(town, order) == [("excluded_product", "", 0), ("line", "", 20)]
    assert facts_kept(town) == 0


def test_a_collection(open_town):
    bestsellers = next(each for each in COLLECTIONS if each.handle == "bestsellers")
    town = open_town(excluded_collection_ids=(bestsellers.id,))
    kinds = [
        "excluded_collection" if bestsellers in product(town, place).collections else "line"
        for place in range(3)
    ]
    assert set(kinds) == {"excluded_collection", "line"}

    order = town.buy(town.customer(), 1, 1, 1)
    end(town)

    assert [kind for kind, _, _ in reasons(town, order)] == kinds
    assert reasons(town, order)[kinds.index("excluded_collection")][1] == str(bestsellers.id)
    assert waiting(town) == 0


def test_a_product_tag(open_town):
    town = open_town(excluded_product_tags=("Clearance",))
    second = product(town, 1)
    town.store.products.set_tags(second.id, [*second.tags, "clearance"])
    order = town.buy(town.customer(), 10, 5)
    end(town)

    assert reasons(town, order) == [("line", "", 48), ("excluded_tag", "Clearance", 0)]
    assert facts_kept(town) == 2


def test_a_tag_given_after_the_order_was_reckoned(open_town):
    town = open_town(excluded_product_tags=("clearance",))
    order = town.buy(town.customer(), 10, 5)
    end(town)
    second = product(town, 1)
    town.store.products.set_tags(second.id, [*second.tags, "clearance"])

    town.store.orders.refund(order.id, [(order.lines[0].id, 1)])
    end(town)

    assert reasons(town, order) == [("line", "", 43), ("line", "", 20)]


def test_a_product_that_an_edit_added(open_town):
    town = open_town(excluded_product_tags=("clearance",))
    order = town.buy(town.customer(), 10)
    end(town)
    second = product(town, 1)
    town.store.products.set_tags(second.id, ["clearance"])

    town.store.orders.edit(order.id, {}, [CartLine(town.variant(1), 5)])
    town.store.orders.pay(order.id)
    end(town)

    assert reasons(town, order) == [("line", "", 48), ("excluded_tag", "clearance", 0)]
    assert facts_kept(town) == 2


def test_a_product_that_was_deleted_at_shopify_has_no_tags(open_town, monkeypatch):
    town = open_town(excluded_product_tags=("clearance",))
    order = town.buy(town.customer(), 10)
    monkeypatch.setattr(town.store.products, "get", lambda product_id: None)
    end(town)

    assert reasons(town, order) == [("line", "", 48)]
    assert waiting(town) == 0


def test_customers_with_a_tag(open_town):
    town = open_town(excluded_customer_tags=("staff",))
    staff = town.customer("Ann", tags=("Staff", "tall"))
    other = town.customer("Ben")
    theirs, others = town.buy(staff, 10, 5), town.buy(other, 10, 5)
    end(town)

    assert reasons(town, theirs) == [("excluded_customer", "staff", 0)]
    assert town.balances(staff) == (0, 0)
    assert town.balances(other) == (68, 0)
    assert town.points(others) == 68


def test_orders_with_a_discount_code(open_town):
    town = open_town(excluded_discount_codes=("friends10",))
    discount_code(town, "FRIENDS10")
    mali = town.customer()
    with_code = town.buy(mali, 10, 5, discount_codes=["FRIENDS10"])
    without = town.buy(mali, 10, 5)
    end(town)

    assert reasons(town, with_code) == [("excluded_code", "friends10", 0)]
    assert town.points(without) == 68
    assert facts_kept(town) == 0


def test_guests_where_customers_have_classic_accounts(open_town):
    town = open_town({"classic_accounts": True}, guests="signed_in_only")
    guest, account = town.customer("Ann", state="disabled"), town.customer("Ben")
    of_guest, of_account = town.buy(guest, 10, 5), town.buy(account, 10, 5)
    end(town)

    assert reasons(town, of_guest) == [("guest", "", 0)]
    assert town.points(of_account) == 68


def test_guests_where_customers_have_the_newer_accounts(open_town):
    town = open_town(guests="signed_in_only")
    unseen, seen = town.customer("Ann"), town.customer("Ben")
    end(town)
    with town.parts.database.tenant(town.tenant) as session:
        note_signed_in(session, shop_id=town.tenant.shop_id, customer_id=seen.id, now=utc_now())
    of_unseen, of_seen = town.buy(unseen, 10, 5), town.buy(seen, 10, 5)
    end(town)

    assert reasons(town, of_unseen) == [("guest", "", 0)]
    assert town.points(of_seen) == 68


def test_nobody_is_a_guest_where_checking_out_asks_for_signing_in(open_town):
    town = open_town({"login_required": True}, guests="signed_in_only")
    order = town.buy(town.customer(), 10, 5)
    end(town)

    assert town.points(order) == 68


def test_a_guests_order_that_moves_to_an_account(open_town):
    town = open_town({"classic_accounts": True}, guests="signed_in_only")
    guest, account = town.customer("Ann", state="disabled"), town.customer("Ben")
    order = town.buy(guest, 10, 5)
    end(town)

    town.store.orders.move(order.id, account.id)
    end(town)

    assert town.points(order) == 68
    assert town.balances(account) == (68, 0)
    assert town.balances(guest) == (0, 0)


def test_rules_published_later_leave_earlier_orders_alone(shop, delivery):
    town = shop(delivery)
    order = town.buy(town.customer(), 10, 5)
    end(town)
    publish(town, excluded_product_tags=product(town, 0).tags)

    town.store.orders.refund(order.id, [(order.lines[0].id, 1)])
    end(town)

    assert reasons(town, order) == [("line", "", 43), ("line", "", 20)]
    assert facts_kept(town) == 0


def test_while_shopify_is_away_the_order_waits_and_nothing_is_lost(open_town, monkeypatch):
    town = open_town(excluded_product_tags=("clearance",))
    order = town.buy(town.customer(), 10, 5)
    with monkeypatch.context() as patch, put_off_without_shopify("fetch_order_facts"):
        patch.setattr("app.flows.fetch_order_facts.fetch_product_facts", away)
        end(town)

    assert (town.points(order), waiting(town)) == (None, 1)
    with town.parts.database.sweep() as session:
        assert shops_wanting_facts(session) == [town.tenant.shop_id]

    fetch_order_facts(town.parts, town.tenant.shop_id, budget_s=5)

    assert (town.points(order), waiting(town)) == (68, 0)
    with town.parts.database.sweep() as session:
        assert shops_wanting_facts(session) == []


def away(run, product_ids):
    raise ShopifyUnavailable(shop_domain="shop", operation="product_facts", reason="down")


def publish(town, **exclusions):
    with town.parts.database.tenant(town.tenant) as session:
        publish_rules(
            session,
            program_id=town.tenant.program_id,
            rules=replace(EARN_NOTHING_FOR_SIGNING_UP, **exclusions),
            published_by="test",
            now=utc_now(),
        )
    town.later(minutes=1)


def discount_code(town, code):
    def build(discount_id, now):
        return Discount(
            id=discount_id, code=code, title=code, kind="basic", starts_at=now, ends_at=None,
            created_at=now, updated_at=now, percentage_bp=1_000,
        )  # fmt: skip

    town.store.discounts.create(build)
