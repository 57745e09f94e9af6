"""What is so of a member's redemptions when all has settled, whatever failed on the way."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select

from app.db.models import Award, Member, Redemption
from app.domain.ways import WAYS
from app.flows.shop_access import vault_of
from tests.app.with_devstore.shopping import Shopping


@dataclass(frozen=True)
class AtShopify:
    """What a member can spend there, in time or not."""

    codes: list[str]
    cards: Mapping[str, int]
    credit_minor: int


def check_settled(shopping: Shopping) -> None:
    """No points are lost, none are free, and nothing is left at Shopify that nobody has."""
    rows = shopping.redemptions()
    had = [row for row in rows if row.state != "released"]
    spent = [row for row in had if row.state == "used"]
    assert {row.state for row in had} <= {"ready", "used"}
    assert len(had) <= 1
    assert at_shopify(shopping) == paid_for(shopping, had)
    if shopping.orders:
        assert [row.way for row in had] == [rows[-1].way], "Something was paid with it."
        assert WAYS[rows[-1].way].used_by != "order" or spent == had
    points = earned(shopping) - sum(row.points - row.returned for row in spent)
    assert balance(shopping, Member.pending + Member.available + Member.held) == points
    assert balance(shopping, Member.held) == sum(row.points for row in had if row not in spent)


def at_shopify(shopping: Shopping) -> AtShopify:
    """Return what is left there."""
    store, customer_ids = shopping.town.store, shopping.customer_ids
    accounts = [store.store_credit.of_customer(each) for each in customer_ids]
    return AtShopify(
        codes=sorted(
            each.code.lower()
            for each in store.discounts.all(limit=10_000)
            if customer_ids.intersection(each.customer_ids) and not each.usage_count
        ),
        cards={
            each.code.lower(): each.balance_minor
            for each in store.gift_cards.all()
            if each.customer_id in customer_ids and each.enabled and each.balance_minor
        },
        credit_minor=sum(account.balance_minor for account in accounts if account),
    )


def paid_for(shopping: Shopping, had: list[Redemption]) -> AtShopify:
    """Return what points were given for and that was not spent."""
    amount_minor, spent_minor = shopping.wish.amount_minor, shopping.spent_minor
    codes = {row.id: _code(shopping, row) for row in had}
    cards = [codes[row.id] for row in had if row.way == "gift_card"]
    credits = [row for row in had if row.way == "store_credit"]
    left = {code: amount_minor - spent_minor.get(code, 0) for code in cards}
    return AtShopify(
        codes=[codes[row.id] for row in had if row.way == "discount_code" and row.state == "ready"],
        cards={code: left_minor for code, left_minor in left.items() if left_minor},
        credit_minor=len(credits) * amount_minor - spent_minor.get("", 0),
    )


def earned(shopping: Shopping) -> int:
    """Return all points that were ever given to the member."""
    return _sum(shopping, func.sum(Award.points), Award.member_id)


def balance(shopping: Shopping, what: Any) -> int:
    """Return the member's points."""
    return _sum(shopping, func.sum(what), Member.id)


def _sum(shopping: Shopping, what: Any, member_id: Any) -> int:
    query = select(what).where(member_id.in_(shopping.member_ids))
    with shopping.parts.database.tenant(shopping.tenant) as session:
        return int(session.scalar(query) or 0)


def _code(shopping: Shopping, row: Redemption) -> str:
    return vault_of(shopping.parts).decrypt(row.code).lower() if row.code else ""
