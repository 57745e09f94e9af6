"""A whole installation, and people in it who have joined and have points to spend."""

import itertools
import re
import time
from contextlib import closing
from dataclasses import dataclass

import pytest
from playwright.sync_api import Page, expect

from app.clock import utc_now
from app.db.models import Member, Shop
from app.db.queries.members import identity_of_customer
from app.db.session import Database, Tenant
from app.domain.reward_offer import RewardOffer
from app.services.adjust_points import adjust_points
from app.services.save_reward import save_reward
from tests.system.installation import installation
from tests.system.shopping import sign_up

SETTLED_S = 60
SETTLED_MS = SETTLED_S * 1_000
POINTS = 1_000
_numbers = itertools.count(1)


@dataclass(frozen=True)
class Shopper:
    """A member in a browser of their own, with a cart."""

    page: Page
    member_id: int

    def panel(self):
        """Open the widget's panel on the cart's page."""
        self.page.goto("/cart")
        self.page.locator("regulars-rewards .launcher").click()
        panel = self.page.locator("regulars-panel")
        expect(panel.get_by_role("tab", name="Rewards")).to_be_visible()
        return panel

    def pay(self):
        """Pay what is in the cart and return the order's id."""
        self.page.goto("/checkout")
        self.page.get_by_role("button", name=re.compile("Pay now|Place order")).click()
        self.page.wait_for_url("**/checkout/thanks/*")
        return int(self.page.url.rpartition("/")[2])

    def refund(self, order_id):
        """Give everything back, as the merchant does in the back office."""
        fields = {"kind": "whole", "restock": "1"}
        assert self.page.request.post(f"/admin/orders/{order_id}/refund", form=fields).ok


class Books:
    """The installation's database, to give points with and to look at what became of them."""

    def __init__(self, database, tenant, ledger_key):
        self.database, self.tenant, self.ledger_key = database, tenant, ledger_key

    def member_of(self, customer_id):
        """Wait until a customer is a member, and return which."""

        def member():
            with self.database.tenant(self.tenant) as session:
                found = identity_of_customer(session, self.tenant.shop_id, customer_id)
            return found[0] if found else None

        return eventually(member, lambda found: found is not None)

    def give(self, member_id):
        """Give the member points to spend."""
        with self.database.tenant(self.tenant) as session:
            adjust_points(
                session,
                program_id=self.tenant.program_id,
                member_id=member_id,
                points=POINTS,
                key=f"start-{member_id}",
                actor="system",
                note=None,
                now=utc_now(),
                ledger_key=self.ledger_key,
            )

    def offer(self, type_name, config, *, points=100, **offer):
        """Add a reward under a name of its own, which is returned."""
        name = f"{type_name} {next(_numbers)}"
        words = RewardOffer(words={"en": {"name": name}}, **offer)
        with self.database.tenant(self.tenant) as session:
            save_reward(
                session,
                program_id=self.tenant.program_id,
                reward_id=None,
                type=type_name,
                points=points,
                config=config,
                active=True,
                now=utc_now(),
                offer=words,
            )
        return name

    def points(self, member_id):
        """Return what the member has: (available, held)."""
        with self.database.tenant(self.tenant) as session:
            member = session.get_one(Member, member_id)
            return member.available, member.held

    def settle_at(self, shopper, available, held=0):
        """Wait until the shopper has so many points."""
        eventually(lambda: self.points(shopper.member_id), lambda found: found == (available, held))


def eventually(read, is_there):
    """Return what `read` tells as soon as it is there."""
    deadline = time.monotonic() + SETTLED_S
    while not is_there(found := read()):
        assert time.monotonic() < deadline, f"still {found}"
        time.sleep(0.1)
    return found


def start_of(books, shopper):
    """Return the points of a new member: those given, and those for signing up."""
    return eventually(lambda: books.points(shopper.member_id), lambda points: points[0] > POINTS)[0]


@pytest.fixture(scope="module")
def running(new_database, tmp_path_factory, browser):
    folder = tmp_path_factory.mktemp("installation")
    with installation(new_database(), folder, store_options=["--grant-optional-scopes"]) as whole:
        page = browser.new_page()
        page.goto(f"{whole.store_url}/admin/apps/regulars/")
        page.frame_locator("iframe").locator("s-page h1").first.wait_for(timeout=SETTLED_MS)
        page.close()
        yield whole


@pytest.fixture(scope="module")
def books(running):
    database = Database(running.environment["DATABASE_URL"])
    with closing(database):
        with database.sweep() as session:
            shop_id, program_id = session.query(Shop.id, Shop.program_id).one()
        tenant = Tenant(program_id=program_id, shop_id=shop_id)
        yield Books(database, tenant, bytes.fromhex(running.environment["LEDGER_KEY"]))


@pytest.fixture
def shopper(running, books, new_page):
    """Somebody who just joined, has points to spend and two teas in the cart."""
    page = new_page(base_url=running.store_url, viewport={"width": 1280, "height": 900})
    page.set_default_timeout(SETTLED_MS)
    sign_up(page, f"mali-{next(_numbers)}@example.com")
    customer_id = _customer_id(page)
    member_id = books.member_of(customer_id)
    books.give(member_id)
    page.request.post("/cart/add.js", data={"id": variants(page)[0][0], "quantity": 2})
    return Shopper(page, member_id)


def _customer_id(page):
    found = page.request.get("/admin/customers").text()
    return max(int(number) for number in re.findall(r"/admin/customers/(\d+)", found))


def variants(page):
    """Return what the store sells, as the picker of products names it: (id, name)."""
    products = page.request.get("/admin/frame/products.json").json()
    return [
        (int(variant["id"].rpartition("/")[2]), variant["displayName"])
        for product in products
        for variant in product["variants"]
    ]
