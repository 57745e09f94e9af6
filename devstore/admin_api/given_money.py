"""Gift cards and store credit: what the Admin API's queries and mutations do with them."""

from typing import Any

from devstore.admin_api.connections import list_connection
from devstore.admin_api.given_money_view import gift_card_view, transaction_view
from devstore.admin_api.queries import gid_argument
from devstore.admin_api.values import minor
from devstore.store.refusal import MoneyRefused
from devstore.store.store import Store

View = dict[str, Any]


class GivenMoney:
    """Resolvers for one request; who may ask is the guard's matter."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def resolvers(self) -> dict[str, Any]:
        """Return a resolver for each field."""
        return {
            "giftCard": self.gift_card,
            "giftCards": self.gift_cards,
            "giftCardCreate": self.create_gift_card,
            "giftCardDeactivate": self.deactivate_gift_card,
            "storeCreditAccountCredit": self.credit,
            "storeCreditAccountDebit": self.debit,
        }

    def gift_card(self, _info: object, id: str) -> View | None:
        """Return a gift card by id."""
        found = self._store.gift_cards.get(gid_argument(id, "GiftCard")[1])
        return None if found is None else gift_card_view(self._store, found)

    def gift_cards(self, info: object, query: str | None = None, **arguments: Any) -> View:  # noqa: ANN401 - GraphQL's
        """Return a page of gift cards, whose whole code may be asked for."""
        cards = self._store.gift_cards.all()
        if query:
            cards = [card for card in cards if card.code == query.strip().lower()]
        return list_connection([gift_card_view(self._store, each) for each in cards])(
            info, **arguments
        )

    def create_gift_card(self, _info: object, input: View) -> View:
        """Make a gift card."""
        try:
            card = self._create(input)
        except MoneyRefused as refusal:
            error = {
                "field": ["input", refusal.field],
                "message": refusal.message,
                "code": refusal.code,
            }
            return {"giftCard": None, "giftCardCode": None, "userErrors": [error]}
        return {
            "giftCard": gift_card_view(self._store, card),
            "giftCardCode": card.code,
            "userErrors": [],
        }

    def deactivate_gift_card(self, _info: object, id: str) -> View:
        """End a gift card for good."""
        card = self._store.gift_cards.deactivate(gid_argument(id, "GiftCard")[1])
        if card is None:
            message = "The gift card could not be found."
            error = {"field": ["id"], "message": message, "code": "GIFT_CARD_NOT_FOUND"}
            return {"giftCard": None, "userErrors": [error]}
        return {"giftCard": gift_card_view(self._store, card), "userErrors": []}

    def credit(self, _info: object, id: str, creditInput: View) -> View:  # noqa: N803 - Shopify's
        """Give store credit to a customer or into an account."""
        try:
            customer_id = self._owner(id)
            amount_minor = self._amount(creditInput["creditAmount"], "creditAmount")
            done = self._store.store_credit.credit(
                customer_id, amount_minor, creditInput.get("expiresAt")
            )
        except MoneyRefused as refusal:
            return _refused("creditInput", refusal)
        return self._done(customer_id, done.id)

    def debit(self, _info: object, id: str, debitInput: View) -> View:  # noqa: N803 - Shopify's
        """Take store credit out of a customer's account."""
        try:
            customer_id = self._owner(id)
            account = self._store.store_credit.of_customer(customer_id)
            if account is None:
                raise MoneyRefused("id", "ACCOUNT_NOT_FOUND", "There is no such account")
            amount_minor = self._amount(debitInput["debitAmount"], "debitAmount")
            done = self._store.store_credit.debit(account.id, amount_minor)
        except MoneyRefused as refusal:
            return _refused("debitInput", refusal)
        return self._done(customer_id, done.id)

    def _create(self, given: View) -> Any:  # noqa: ANN401 - a GiftCard
        amount = given.get("initialAmount")
        if amount is None:
            raise MoneyRefused("initialAmount", "MISSING_ARGUMENT", "Can't be blank")
        if amount["currencyCode"] != self._store.shop.currency:
            raise MoneyRefused("initialAmount", "INVALID", "Currency is not the shop's")
        customer_id = None
        if given.get("customerId"):
            customer_id = gid_argument(given["customerId"], "Customer")[1]
            if self._store.customers.get(customer_id) is None:
                raise MoneyRefused("customerId", "CUSTOMER_NOT_FOUND", "Customer not found")
        return self._store.gift_cards.create(
            str(given["code"]),
            minor(amount["amount"], self._store.shop.currency),
            customer_id=customer_id,
            expires_on=given.get("expiresOn"),
            note=given.get("note"),
        )

    def _owner(self, gid: str) -> int:
        kind, number = gid_argument(gid)
        if kind == "StoreCreditAccount":
            account = self._store.store_credit.get(number)
            if account is None:
                raise MoneyRefused("id", "ACCOUNT_NOT_FOUND", "There is no such account")
            return account.customer_id
        if kind != "Customer" or self._store.customers.get(number) is None:
            raise MoneyRefused("id", "OWNER_NOT_FOUND", "Owner does not exist")
        return number

    def _amount(self, given: View, field: str) -> int:
        if given["currencyCode"] != self._store.shop.currency:
            raise MoneyRefused(field, "MISMATCHING_CURRENCY", "Currency is not the account's")
        return minor(given["amount"], self._store.shop.currency)

    def _done(self, customer_id: int, transaction_id: int) -> View:
        account = self._store.store_credit.of_customer(customer_id)
        assert account is not None  # noqa: S101 - it has just been moved
        done = next(each for each in account.transactions if each.id == transaction_id)
        view = transaction_view(self._store, account, done)
        return {"storeCreditAccountTransaction": view, "userErrors": []}


def _refused(argument: str, refusal: MoneyRefused) -> View:
    path = [refusal.field] if refusal.field == "id" else [argument, refusal.field]
    error = {"field": path, "message": refusal.message, "code": refusal.code}
    return {"storeCreditAccountTransaction": None, "userErrors": [error]}
