"""Store credit is found again by the moment at which it ends."""

import logging
from datetime import UTC, datetime

import pytest

from app.shopify.client import SHORTEST_CALL_S, within
from app.shopify.store_credit import Credit, find_credit, give_credit

ENDS_AT = datetime(2027, 2, 21, 3, 0, 7, tzinfo=UTC)
CREDIT = Credit(customer_id=7, amount_minor=700, currency="USD", ends_at=ENDS_AT)


def transaction(kind="Credit", **changes):
    return {
        "__typename": f"StoreCreditAccount{kind}Transaction",
        "id": "gid://shopify/StoreCreditAccountCreditTransaction/1",
        "amount": {"amount": "7.0"},
        "createdAt": "2026-11-23T03:00:07Z",
        "event": "ADJUSTMENT",
        "expiresAt": "2027-02-21T03:00:07Z",
    } | changes


def account(*transactions, currency="USD"):
    return {
        "id": "gid://shopify/StoreCreditAccount/1",
        "balance": {"amount": "12.5", "currencyCode": currency},
        "transactions": {"nodes": list(transactions)},
    }


def found(*accounts):
    answer = {"customer": {"storeCreditAccounts": {"nodes": list(accounts)}}}
    return find_credit(lambda *_, **__: answer, CREDIT)


def test_the_credit_that_ends_then_is_found_with_its_accounts_debits():
    debit = transaction("Debit", id="gid://debit/1", amount={"amount": "-7.0"})
    paid = transaction("Debit", event="ORDER_PAYMENT")

    credit = found(account(debit, paid, transaction()))

    assert (credit.amount_minor, credit.balance_minor) == (700, 1_250)
    assert [(each.gid, each.amount_minor) for each in credit.debits] == [("gid://debit/1", 700)]


@pytest.mark.parametrize(
    "other",
    [
        account(),
        account(transaction(expiresAt="2027-02-21T03:00:08Z")),
        account(transaction(expiresAt=None)),
        account(transaction(amount={"amount": "7.01"})),
        account(transaction("Debit")),
        account(transaction(), currency="THB"),
    ],
)
def test_no_other_is_taken_for_it(other):
    assert found(other) is None


def test_a_customer_who_is_gone_has_none():
    assert find_credit(lambda *_, **__: {"customer": None}, CREDIT) is None


@pytest.mark.parametrize(
    ("kept", "told"), [("2027-02-21T03:00:07Z", 0), ("2027-02-21T23:59:59Z", 1), (None, 1)]
)
def test_an_end_that_shopify_keeps_otherwise_is_told_to_operators(caplog, kept, told):
    made = {"id": "gid://1", "expiresAt": kept}
    answer = {"storeCreditAccountCredit": {"storeCreditAccountTransaction": made}}

    with caplog.at_level(logging.ERROR):
        assert give_credit(lambda *_, **__: answer, CREDIT) == "gid://1"

    assert len(caplog.records) == told


def test_operations_within_a_budget_share_it():
    given = []

    def run(operation, variables=None, *, repeatable=False, budget_s=60.0):
        given.append(budget_s)
        return {}

    shared, spent = within(run, 3.5), within(run, 0)
    shared("one")
    shared("two", budget_s=1.0)
    spent("three", budget_s=9.0)

    assert given[0] <= 3.5
    assert given[1:] == [1.0, SHORTEST_CALL_S]
