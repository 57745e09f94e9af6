"""Gift cards and store credit as means of payment: they pay orders, and refunds fill them again."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from devstore.store.gift_cards import GiftCards
from devstore.store.order import Order
from devstore.store.order_money import GIFT_CARD, STORE_CREDIT, Refund, Transaction
from devstore.store.paying import NewId, moved
from devstore.store.store_credit import REFUND, StoreCredit
from devstore.store.terms import Terms


class Purse:
    """What customers have at the shop besides cards and cash."""

    def __init__(self, gift_cards: GiftCards, store_credit: StoreCredit) -> None:
        self._gift_cards = gift_cards
        self._store_credit = store_credit

    def pay(self, order: Order, terms: Terms, new_id: NewId, now: datetime) -> Order:
        """Return the order paid as far as the named gift cards and the customer's credit go."""
        for card_id in terms.gift_card_ids:
            paid_minor = self._gift_cards.spend(card_id, order.outstanding_minor)
            if paid_minor:
                order = moved(order, "sale", paid_minor, new_id, now, GIFT_CARD, card_id)
        if terms.store_credit and order.customer_id is not None:
            paid_minor = self._store_credit.spend(order.customer_id, order.outstanding_minor)
            if paid_minor:
                order = moved(order, "sale", paid_minor, new_id, now, STORE_CREDIT)
        return order

    def paid_back(self, order: Order, refund: Refund, new_id: NewId, now: datetime) -> Order:
        """Return the order with a refund's money back where it came from.

        What other means of payment brought in goes back to them first, as far as it goes.
        """
        payout = next((each for each in order.transactions if each.refund_id == refund.id), None)
        if payout is None or payout.gateway in (GIFT_CARD, STORE_CREDIT):
            return order
        others_minor = _net(order, None, before=payout)
        rest_minor = payout.amount_minor - max(others_minor, 0)
        if rest_minor <= 0:
            return order
        parts = [
            replace(payout, amount_minor=payout.amount_minor - rest_minor),
            *self._parts(order, payout, rest_minor, new_id),
        ]
        kept = [each for each in order.transactions if each.id != payout.id]
        kept += [part for part in parts if part.amount_minor]
        return replace(order, transactions=tuple(kept))

    def _parts(
        self, order: Order, payout: Transaction, rest_minor: int, new_id: NewId
    ) -> Iterator[Transaction]:
        sales = [each for each in order.transactions if each.kind == "sale"]
        for sale in reversed(sales):
            if sale.gateway == STORE_CREDIT or sale.gift_card_id is not None:
                key = sale.gift_card_id or STORE_CREDIT
                part_minor = min(rest_minor, _net(order, key, before=payout))
                if part_minor <= 0:
                    continue
                rest_minor -= part_minor
                self._give_back(order, sale, part_minor)
                yield replace(
                    payout,
                    id=new_id("transaction"),
                    amount_minor=part_minor,
                    gateway=sale.gateway,
                    gift_card_id=sale.gift_card_id,
                )
        yield replace(payout, id=new_id("transaction"), amount_minor=rest_minor)

    def _give_back(self, order: Order, sale: Transaction, amount_minor: int) -> None:
        if sale.gift_card_id is not None:
            self._gift_cards.give_back(sale.gift_card_id, amount_minor)
        elif order.customer_id is not None:
            self._store_credit.credit(order.customer_id, amount_minor, None, REFUND)


def _net(order: Order, key: int | str | None, *, before: Transaction) -> int:
    """Return what one means of payment brought in and did not get back; None: all others."""
    signs = {"sale": 1, "capture": 1, "refund": -1}
    return sum(
        signs.get(each.kind, 0) * each.amount_minor
        for each in order.transactions
        if each.id != before.id and _key(each) == key
    )


def _key(transaction: Transaction) -> int | str | None:
    if transaction.gift_card_id is not None:
        return transaction.gift_card_id
    return STORE_CREDIT if transaction.gateway == STORE_CREDIT else None
