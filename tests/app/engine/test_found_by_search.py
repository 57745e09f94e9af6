"""What random stores once ended wrongly at, as plain stories."""

from dataclasses import replace
from datetime import timedelta

from app.domain.order_snapshot import OrderSnapshot
from app.domain.program_rules import ProgramRules
from tests.app.engine.drafts import PLAIN, line
from tests.app.engine.machine import START
from tests.app.engine.pure_driver import PureDriver

HOUR = timedelta(hours=1)


def order(**changes) -> OrderSnapshot:
    values = PLAIN | {
        "order_id": 1,
        "name": "#1",
        "customer_id": 1,
        "currency": "USD",
        "created_at": START,
        "processed_at": START,
        "updated_at": START,
        "cancelled_at": None,
    }
    return OrderSnapshot(**(values | changes))


def points(driver: PureDriver) -> int:
    return driver.books().awards[1].points


def test_the_paid_part_waits_for_its_facts_also_while_the_order_earns_nothing():
    rules = ProgramRules(earn_on="fulfilled", excluded_product_tags=("sale",))
    driver = PureDriver(rules, START)
    bought = (line(1, 5_000, product_id=1), line(2, 10_000, product_id=2))
    paid = order(lines=bought)
    edited = replace(
        paid,
        updated_at=START + HOUR,
        financial_status="partially_paid",
        fulfilled=False,
        lines=(*bought, line(3, 3_000, product_id=1)),
    )

    driver.take_in([paid])
    driver.take_in([edited])
    driver.take_in([replace(edited, updated_at=START + 2 * HOUR, fulfilled=True)])
    driver.fetch_facts()

    # Product 2 is on sale: 50.00 of what was paid counts.
    assert points(driver) == 50


def test_an_erased_customers_order_stays_theirs_when_it_names_nobody():
    driver = PureDriver(ProgramRules(), START)
    paid = order()

    driver.take_in([paid])
    driver.redact(1)
    driver.take_in([replace(paid, updated_at=START + HOUR, customer_id=None)])

    assert points(driver) == 123


def test_an_order_taken_off_its_customer_while_it_waits_for_facts_earns_nothing():
    rules = ProgramRules(excluded_product_tags=("sale",))
    driver = PureDriver(rules, START)
    paid = order()

    driver.take_in([paid])
    driver.fetch_facts()
    more = (*paid.lines, line(2, 5_000, product_id=2))
    driver.take_in([replace(paid, updated_at=START + HOUR, lines=more)])
    driver.take_in([replace(paid, updated_at=START + 2 * HOUR, lines=more, customer_id=None)])

    assert points(driver) == 0
