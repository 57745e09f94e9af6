"""Store credit: money in a customer's account at the shop, the soonest-expiring spent first."""

from dataclasses import dataclass, replace
from datetime import datetime

from devstore.store.clock import Clock
from devstore.store.codec import decode, encode
from devstore.store.database import Database
from devstore.store.refusal import MoneyRefused

FIRST_ACCOUNT_ID = 1_600_000_000_001
FIRST_TRANSACTION_ID = 1_700_000_000_001
MOST_UNITS = 15_000
"""Shopify lets an account hold about so many US dollars."""
ADJUSTMENT, PAYMENT, REFUND = "ADJUSTMENT", "ORDER_PAYMENT", "ORDER_REFUND"


@dataclass(frozen=True)
class CreditTransaction:
    """One movement; `remaining_minor` is what is left of a credit, 0 of all others."""

    id: int
    kind: str
    amount_minor: int
    balance_after_minor: int
    event: str
    created_at: datetime
    expires_at: datetime | None = None
    remaining_minor: int = 0

    @property
    def type_name(self) -> str:
        """The name of its type in the Admin API."""
        return {
            "credit": "StoreCreditAccountCreditTransaction",
            "debit": "StoreCreditAccountDebitTransaction",
            "expiration": "StoreCreditAccountExpirationTransaction",
        }[self.kind]

    @property
    def gid(self) -> str:
        """The transaction's global id."""
        return f"gid://shopify/{self.type_name}/{self.id}"


@dataclass(frozen=True)
class CreditAccount:
    """A customer's account in the shop's currency, with all its movements, the oldest first."""

    id: int
    customer_id: int
    transactions: tuple[CreditTransaction, ...] = ()

    @property
    def gid(self) -> str:
        """The account's global id."""
        return f"gid://shopify/StoreCreditAccount/{self.id}"

    @property
    def balance_minor(self) -> int:
        """What can be spent."""
        return sum(each.remaining_minor for each in self.transactions)


class StoreCredit:
    """The table of accounts."""

    def __init__(self, database: Database, clock: Clock, unit_minor: int) -> None:
        self._database = database
        self._clock = clock
        self._most_minor = MOST_UNITS * unit_minor

    def of_customer(self, customer_id: int) -> CreditAccount | None:
        """Return a customer's account with what expired taken off, or None."""
        found = self._one("SELECT document FROM store_credit WHERE customer_id = ?", customer_id)
        return None if found is None else self._up_to_date(found)

    def get(self, account_id: int) -> CreditAccount | None:
        """Return an account, or None."""
        found = self._one("SELECT document FROM store_credit WHERE id = ?", account_id)
        return None if found is None else self._up_to_date(found)

    def with_transaction(
        self, transaction_id: int
    ) -> tuple[CreditAccount, CreditTransaction] | None:
        """Return a transaction and its account, or None."""
        rows = self._database.rows("SELECT id FROM store_credit")
        for account in (self.get(row["id"]) for row in rows):
            for each in account.transactions if account else ():
                if account is not None and each.id == transaction_id:
                    return account, each
        return None

    def credit(
        self,
        customer_id: int,
        amount_minor: int,
        expires_at: datetime | None = None,
        event: str = ADJUSTMENT,
    ) -> CreditTransaction:
        """Give credit, opening the account if need be; the same again gives it again."""
        if amount_minor <= 0:
            raise MoneyRefused("creditAmount", "NEGATIVE_OR_ZERO_AMOUNT", "Must be positive")
        if expires_at is not None and expires_at <= self._clock.now():
            raise MoneyRefused("expiresAt", "EXPIRES_AT_IN_PAST", "Must be in the future")
        with self._database.transaction():
            account = self.of_customer(customer_id) or self._opened(customer_id)
            if account.balance_minor + amount_minor > self._most_minor:
                message = "The account's credit limit would be exceeded"
                raise MoneyRefused("creditAmount", "CREDIT_LIMIT_EXCEEDED", message)
            return self._moved(account, "credit", amount_minor, event, expires_at)

    def debit(
        self, account_id: int, amount_minor: int, event: str = ADJUSTMENT
    ) -> CreditTransaction:
        """Take credit; more than there is raises MoneyRefused."""
        if amount_minor <= 0:
            raise MoneyRefused("debitAmount", "NEGATIVE_OR_ZERO_AMOUNT", "Must be positive")
        with self._database.transaction():
            account = self.get(account_id)
            if account is None:
                raise MoneyRefused("id", "ACCOUNT_NOT_FOUND", "There is no such account")
            if amount_minor > account.balance_minor:
                raise MoneyRefused("debitAmount", "INSUFFICIENT_FUNDS", "Insufficient funds")
            return self._moved(_spent(account, amount_minor), "debit", amount_minor, event)

    def spend(self, customer_id: int, amount_minor: int) -> int:
        """Pay up to an amount for an order and return what it paid."""
        account = self.of_customer(customer_id)
        paid_minor = 0 if account is None else min(account.balance_minor, amount_minor)
        if account is not None and paid_minor:
            self.debit(account.id, paid_minor, PAYMENT)
        return paid_minor

    def _moved(
        self,
        account: CreditAccount,
        kind: str,
        amount_minor: int,
        event: str,
        expires_at: datetime | None = None,
    ) -> CreditTransaction:
        """Add a movement to an account from which it was taken already, if it takes."""
        given = amount_minor if kind == "credit" else 0
        transaction = CreditTransaction(
            self._database.next_id("store_credit_transaction", FIRST_TRANSACTION_ID, 3),
            kind,
            amount_minor,
            account.balance_minor + given,
            event,
            self._clock.now(),
            expires_at,
            given,
        )
        self._save(replace(account, transactions=(*account.transactions, transaction)))
        return transaction

    def _up_to_date(self, account: CreditAccount) -> CreditAccount:
        now = self._clock.now()
        for each in account.transactions:
            if each.remaining_minor and each.expires_at is not None and each.expires_at <= now:
                left = tuple(
                    replace(one, remaining_minor=0) if one.id == each.id else one
                    for one in account.transactions
                )
                account = replace(account, transactions=left)
        return account

    def _opened(self, customer_id: int) -> CreditAccount:
        number = self._database.next_id("store_credit", FIRST_ACCOUNT_ID, 3)
        return CreditAccount(number, customer_id)

    def _one(self, sql: str, value: int) -> CreditAccount | None:
        row = self._database.row(sql, value)
        return None if row is None else decode(CreditAccount, row["document"])

    def _save(self, account: CreditAccount) -> None:
        with self._database.transaction() as connection:
            connection.execute(
                "INSERT INTO store_credit (id, customer_id, document) VALUES (?, ?, ?)"
                " ON CONFLICT (id) DO UPDATE SET document = excluded.document",
                (account.id, account.customer_id, encode(account)),
            )


def _spent(account: CreditAccount, amount_minor: int) -> CreditAccount:
    """Return the account with an amount taken off its credits, the soonest-expiring first."""
    left = {each.id: each.remaining_minor for each in account.transactions}
    for each in sorted(account.transactions, key=_expiry_order):
        taken = min(left[each.id], amount_minor)
        left[each.id] -= taken
        amount_minor -= taken
    changed = tuple(replace(each, remaining_minor=left[each.id]) for each in account.transactions)
    return replace(account, transactions=changed)


def _expiry_order(transaction: CreditTransaction) -> tuple[bool, float, int]:
    ends = transaction.expires_at
    return (ends is None, ends.timestamp() if ends else 0.0, transaction.id)
