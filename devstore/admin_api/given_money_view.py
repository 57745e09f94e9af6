"""Gift cards and store credit as the Admin API shows them."""

from typing import Any

from devstore.admin_api.connections import list_connection
from devstore.admin_api.values import moment, money
from devstore.store.gift_cards import GiftCard
from devstore.store.store import Store
from devstore.store.store_credit import CreditAccount, CreditTransaction

View = dict[str, Any]


def gift_card_view(store: Store, card: GiftCard) -> View:
    """Return a GiftCard."""
    last = card.code[-4:]
    return {
        "__typename": "GiftCard",
        "id": card.gid,
        "lastCharacters": last,
        "maskedCode": f"•••• •••• •••• {last}",
        "note": card.note,
        "enabled": card.enabled,
        "deactivatedAt": moment(card.deactivated_at),
        "expiresOn": card.expires_on,
        "createdAt": moment(card.created_at),
        "updatedAt": moment(card.updated_at),
        "initialValue": money(card.initial_minor, store.shop.currency),
        "balance": money(card.balance_minor, store.shop.currency),
    }


def account_view(store: Store, account: CreditAccount) -> View:
    """Return a StoreCreditAccount."""
    transactions = [transaction_view(store, account, each) for each in account.transactions]
    return {
        "__typename": "StoreCreditAccount",
        "id": account.gid,
        "balance": money(account.balance_minor, store.shop.currency),
        "transactions": list_connection(transactions),
    }


def transaction_view(store: Store, account: CreditAccount, each: CreditTransaction) -> View:
    """Return a transaction of store credit; what leaves the account is negative."""
    currency = store.shop.currency
    sign = 1 if each.kind == "credit" else -1
    return {
        "__typename": each.type_name,
        "id": each.gid,
        "account": lambda _info: account_view(store, account),
        "amount": money(sign * each.amount_minor, currency),
        "balanceAfterTransaction": money(each.balance_after_minor, currency),
        "createdAt": moment(each.created_at),
        "event": each.event,
        "expiresAt": moment(each.expires_at),
        "remainingAmount": money(each.remaining_minor, currency),
    }


def accounts_of(store: Store, customer_id: int) -> list[View]:
    """Return a customer's accounts: one, or none."""
    account = store.store_credit.of_customer(customer_id)
    return [] if account is None else [account_view(store, account)]
