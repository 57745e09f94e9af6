"""Every type of reward from the click to the paid order and its refund, in a whole installation."""

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
from app.services.note_picked_names import note_picked_names
from app.services.save_reward import save_reward
from tests.browser.conftest import serious_findings
from tests.system.installation import installation

pytestmark = pytest.mark.browser

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
    page.goto("/account/login")
    page.get_by_label("First name").fill("Mali")
    page.get_by_label("Last name").fill("Srisuk")
    email = f"mali-{next(_numbers)}@example.com"
    page.get_by_role("textbox", name="Email", exact=True).fill(email)
    page.get_by_role("button", name="Create account").click()
    expect(page.get_by_role("heading", name="Hello, Mali")).to_be_visible()
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


def items_minor(page):
    """Return what the items in the cart come to, after codes."""
    return page.request.get("/cart.js").json()["total_price"]


def amount_in(page, selector):
    """Return the amount that the checkout shows, in minor units."""
    shown = page.locator(selector).inner_text()
    return round(float(re.sub(r"[^0-9.]", "", shown)) * 100)


def redeem(panel, name):
    panel.get_by_role("button", name=f"Redeem {name}").click()


def is_on_cart(panel):
    expect(panel.locator(".line.on_cart")).to_be_visible(timeout=SETTLED_MS)


def is_used_and_comes_back(books, shopper, start, cost=100):
    """Pay, see the points spent, refund everything, and see them back."""
    books.settle_at(shopper, start - cost, held=cost)
    order_id = shopper.pay()
    books.settle_at(shopper, start - cost)
    shopper.refund(order_id)
    books.settle_at(shopper, start)


def start_of(books, shopper):
    """Return the points of a new member: those given, and those for signing up."""
    return eventually(lambda: books.points(shopper.member_id), lambda points: points[0] > POINTS)[0]


def test_an_amount_off(books, shopper):
    start = start_of(books, shopper)
    name = books.offer("amount_off", {"amount_minor": 5_000, "minimum_subtotal_minor": 10_000})
    before = items_minor(shopper.page)

    panel = shopper.panel()
    redeem(panel, name)

    is_on_cart(panel)
    assert items_minor(shopper.page) == before - 5_000
    is_used_and_comes_back(books, shopper, start)


def test_as_much_off_as_the_shopper_likes(books, shopper):
    start = start_of(books, shopper)
    name = books.offer("slider", {"amount_minor": 1_000, "most_points": 800})
    before = items_minor(shopper.page)

    panel = shopper.panel()
    slider = panel.get_by_role("slider", name=name)
    slider.press("Home")
    slider.press("ArrowRight")
    slider.press("ArrowRight")
    expect(slider).to_have_attribute("aria-valuetext", re.compile("฿30 off, 300 of "))
    redeem(panel, "฿30 off")

    is_on_cart(panel)
    assert items_minor(shopper.page) == before - 3_000
    is_used_and_comes_back(books, shopper, start, cost=300)


def test_a_percentage_off(books, shopper):
    start = start_of(books, shopper)
    name = books.offer("percentage_off", {"percentage_bp": 1_000})
    before = items_minor(shopper.page)

    panel = shopper.panel()
    redeem(panel, name)

    is_on_cart(panel)
    assert items_minor(shopper.page) == before - before // 10
    is_used_and_comes_back(books, shopper, start)


def test_free_shipping(books, shopper):
    start = start_of(books, shopper)
    name = books.offer("free_shipping", {})
    shopper.page.goto("/checkout")
    before = amount_in(shopper.page, "[data-checkout-total]")

    panel = shopper.panel()
    redeem(panel, name)

    is_on_cart(panel)
    shopper.page.goto("/checkout")
    assert amount_in(shopper.page, "[data-checkout-total]") < before
    is_used_and_comes_back(books, shopper, start)


def test_a_product_of_a_set(books, shopper):
    start = start_of(books, shopper)
    chosen = variants(shopper.page)[4:6]
    with books.database.tenant(books.tenant) as session:
        note_picked_names(
            session,
            program_id=books.tenant.program_id,
            names={("variant", number): title for number, title in chosen},
        )
    name = books.offer("free_product", {"variant_ids": [number for number, _title in chosen]})
    before = items_minor(shopper.page)

    panel = shopper.panel()
    panel.get_by_role("button", name=f"Choose for {name}").click()
    panel.get_by_role("radio", name=chosen[1][1]).check()
    assert serious_findings(shopper.page) == []
    redeem(panel, chosen[1][1])

    # It is put into the cart, and costs nothing there.
    is_on_cart(panel)
    cart = shopper.page.request.get("/cart.js").json()
    assert chosen[1][0] in [item["variant_id"] for item in cart["items"]]
    assert cart["total_price"] == before
    is_used_and_comes_back(books, shopper, start)


def test_store_credit(books, shopper):
    start = start_of(books, shopper)
    name = books.offer("store_credit", {"amount_minor": 2_500, "life_days": 90})

    panel = shopper.panel()
    redeem(panel, name)

    expect(panel.get_by_text(f"{name} is in your account").first).to_be_visible(timeout=SETTLED_MS)
    shopper.page.goto("/checkout")
    shopper.page.get_by_role("button", name=re.compile("credit")).click()
    expect(shopper.page.locator("[data-store-credit]")).to_contain_text("25")
    # Money that was paid with credit goes back there at Shopify: the points stay spent.
    order_id = shopper.pay()
    shopper.refund(order_id)
    books.settle_at(shopper, start - 100, held=100)


def test_a_gift_card(books, shopper):
    start = start_of(books, shopper)
    name = books.offer("gift_card", {"amount_minor": 2_500})

    panel = shopper.panel()
    redeem(panel, name)

    line = panel.locator(".line").filter(has_text=name)
    code = line.locator("code")
    expect(code).to_be_visible(timeout=SETTLED_MS)
    expect(line.get_by_role("button", name="Copy")).to_be_visible()
    card = code.inner_text()
    shopper.page.goto("/checkout")
    shopper.page.locator("input[name=code]").fill(card)
    shopper.page.get_by_role("button", name="Apply").click()
    expect(shopper.page.locator("[data-gift-card]")).to_contain_text("25")
    order_id = shopper.pay()
    shopper.refund(order_id)
    books.settle_at(shopper, start - 100, held=100)


def test_a_donation(books, shopper):
    start = start_of(books, shopper)
    name = books.offer("donation", {"cause": "Trees", "amount_minor": 2_500})
    before = items_minor(shopper.page)

    panel = shopper.panel()
    redeem(panel, name)

    expect(panel.locator(".line.notice")).to_have_text(f"Thank you: {name} is on its way")
    expect(panel.get_by_role("button", name="Undo")).to_have_count(0)
    books.settle_at(shopper, start - 100)
    # What is given away stays given, whatever becomes of an order.
    assert items_minor(shopper.page) == before
    shopper.refund(shopper.pay())
    books.settle_at(shopper, start - 100)


def test_something_that_staff_do(books, shopper):
    start = start_of(books, shopper)
    name = books.offer("by_staff", {"what": "A tea lesson", "instructions": "Call first"})

    panel = shopper.panel()
    redeem(panel, name)

    line = panel.locator(".line").filter(has_text="the shop knows and takes care of it")
    expect(line).to_be_visible(timeout=SETTLED_MS)
    books.settle_at(shopper, start - 100, held=100)
    shopper.refund(shopper.pay())
    page = shopper.page
    page.goto("/admin/apps/regulars/rewards")
    app = page.frame_locator("iframe")
    app.get_by_role("link", name="Show what to do").click()
    expect(app.get_by_text("Call first")).to_be_visible()
    assert serious_findings(page.frames[1]) == []
    app.get_by_role("button", name="Mark as done").click()
    expect(app.get_by_text("Nothing to do")).to_be_visible()
    books.settle_at(shopper, start - 100)


def test_a_reward_is_undone_from_the_widget(books, shopper):
    start = start_of(books, shopper)
    name = books.offer("amount_off", {"amount_minor": 5_000})
    before = items_minor(shopper.page)
    panel = shopper.panel()
    redeem(panel, name)
    is_on_cart(panel)

    panel.get_by_role("button", name=f"Undo {name}").click()

    expect(panel.locator(".line.notice")).to_have_text("100 points are back")
    books.settle_at(shopper, start)
    assert items_minor(shopper.page) == before
