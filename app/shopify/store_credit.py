"""Store credit at Shopify: given, found again by the moment of its end, and taken back."""

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from app.domain.money import to_decimal_text, to_minor
from app.shopify.client import DEFAULT_BUDGET_S, Run

logger = logging.getLogger(__name__)

CREDIT = "StoreCreditAccountCreditTransaction"
DEBIT = "StoreCreditAccountDebitTransaction"
BY_HAND = "ADJUSTMENT"
"""The event of what apps and staff do, unlike what orders do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Credit:
    """What to give to whom; `ends_at` is one customer's only credit that ends then."""

    customer_id: int
    amount_minor: int
    currency: str
    ends_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Debit:
    """What was taken out of an account by hand."""

    gid: str
    amount_minor: int
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundCredit:
    """A credit as Shopify keeps it, and its account's newest debits."""

    gid: str
    account_gid: str
    amount_minor: int
    balance_minor: int
    debits: tuple[Debit, ...]


def give_credit(run: Run, credit: Credit, *, budget_s: float = DEFAULT_BUDGET_S) -> str:
    """Give a credit and return the id of its transaction; asked twice, Shopify gives twice."""
    data = run(
        "credit_store_credit",
        {
            "owner": _customer_gid(credit.customer_id),
            "credit": {
                "creditAmount": _money(credit.amount_minor, credit.currency),
                "expiresAt": _iso(credit.ends_at),
            },
        },
        budget_s=budget_s,
    )
    made = data["storeCreditAccountCredit"]["storeCreditAccountTransaction"]
    if made["expiresAt"] is None or datetime.fromisoformat(made["expiresAt"]) != credit.ends_at:
        # Then a credit whose answer is lost would not be found again.
        logger.error("Shopify keeps %s to end at %s.", made["id"], made["expiresAt"])
    return str(made["id"])


def find_credit(
    run: Run, credit: Credit, *, budget_s: float = DEFAULT_BUDGET_S
) -> FoundCredit | None:
    """Return the credit that has this amount and ends at this moment, or None."""
    data = run(
        "store_credit_transactions",
        {
            "owner": _customer_gid(credit.customer_id),
            "accounts": f"currency_code:{credit.currency}",
        },
        budget_s=budget_s,
    )
    customer = data["customer"]
    for account in customer["storeCreditAccounts"]["nodes"] if customer else ():
        if account["balance"]["currencyCode"] != credit.currency:
            continue
        for each in account["transactions"]["nodes"]:
            if each["__typename"] == CREDIT and _is(each, credit):
                return _found(each, account, credit.currency)
    return None


def known_credit(
    run: Run, gid: str, currency: str, *, budget_s: float = DEFAULT_BUDGET_S
) -> FoundCredit | None:
    """Return the credit with this id, or None."""
    node = run("store_credit", {"id": gid}, budget_s=budget_s)["node"]
    return _found(node, node["account"], currency) if node else None


def take_credit(
    run: Run, found: FoundCredit, currency: str, *, budget_s: float = DEFAULT_BUDGET_S
) -> str:
    """Take a credit's amount back and return the transaction's id; asked twice, it goes twice."""
    data = run(
        "debit_store_credit",
        {
            "account": found.account_gid,
            "debit": {"debitAmount": _money(found.amount_minor, currency)},
        },
        budget_s=budget_s,
    )
    return str(data["storeCreditAccountDebit"]["storeCreditAccountTransaction"]["id"])


def _is(transaction: dict[str, Any], credit: Credit) -> bool:
    ends_at = transaction["expiresAt"]
    return (
        ends_at is not None
        and datetime.fromisoformat(ends_at) == credit.ends_at
        and to_minor(transaction["amount"]["amount"], credit.currency) == credit.amount_minor
    )


def _found(credit: dict[str, Any], account: dict[str, Any], currency: str) -> FoundCredit:
    return FoundCredit(
        gid=credit["id"],
        account_gid=account["id"],
        amount_minor=to_minor(credit["amount"]["amount"], currency),
        balance_minor=to_minor(account["balance"]["amount"], currency),
        debits=tuple(_debits(account["transactions"]["nodes"], currency)),
    )


def _debits(transactions: Iterable[dict[str, Any]], currency: str) -> Iterable[Debit]:
    for each in transactions:
        if each["__typename"] == DEBIT and each["event"] == BY_HAND:
            yield Debit(
                gid=each["id"],
                # Shopify writes what leaves an account as a negative amount.
                amount_minor=abs(to_minor(each["amount"]["amount"], currency)),
                at=datetime.fromisoformat(each["createdAt"]),
            )


def _money(amount_minor: int, currency: str) -> dict[str, str]:
    return {"amount": to_decimal_text(amount_minor, currency), "currencyCode": currency}


def _customer_gid(customer_id: int) -> str:
    return f"gid://shopify/Customer/{customer_id}"


def _iso(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
