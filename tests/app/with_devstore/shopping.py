"""A member who wants a reward: what she, staff, jobs and Shopify do, step by step."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select

from app import clock
from app.container import Container
from app.db.models import Redemption
from app.db.session import Tenant
from app.domain.errors import LoyaltyError, RedemptionNotOpen
from app.flows.lapse_redemptions import lapse_redemptions
from app.flows.redeem import Buyer, redeem_reward
from app.flows.settle_held import settle_held_redemptions
from app.flows.shop_access import vault_of
from app.flows.undo_redemption import undo_redemption
from app.services.finish_redemption import finish_redemption
from app.services.release_redemption import ReleaseReason
from app.shopify.errors import ShopifyError
from devstore.store.terms import Terms
from tests.app.with_devstore.counter import Counter
from tests.app.with_devstore.faulty_admin import FaultyAdmin, Killed
from tests.app.with_devstore.telling import TellingShop

ROUNDS_MAX = 40
FRIEND = "Friend"
"""The tag of those whom some rewards are for."""
TEA = 10
"""Ten packets of the first tea are $48: more than a card or a credit pays."""
NEVER = timedelta(days=36_500)


@dataclass(frozen=True, kw_only=True)
class Wish:
    """A reward that is on offer to everybody and, apart from that, to friends only."""

    type: str
    choice: Mapping[str, Any]
    amount_minor: int
    """Money that is given; 0: none."""
    reward_id: int
    friends_reward_id: int


@dataclass
class Shopping:
    """One new member and her wish; every step may end half-way, as a request may."""

    counter: Counter
    parts: Container
    wish: Wish
    spent_minor: dict[str, int] = field(default_factory=dict)
    """Money that was given and is spent: of a card by its code, of credit by ""."""
    orders: list[int] = field(default_factory=list)
    """Paid with it, and not sent back."""
    member_ids: set[int] = field(default_factory=set)
    customer_ids: set[int] = field(default_factory=set)

    def __post_init__(self) -> None:
        self._be(self.counter.buyer)

    @property
    def town(self) -> TellingShop:
        return self.counter.town

    @property
    def tenant(self) -> Tenant:
        return self.town.tenant

    @property
    def api(self) -> FaultyAdmin:
        api: Any = self.parts.shopify.api
        return api

    def redeem(self) -> None:
        self._ask("story-key", self.wish.reward_id)

    def redeem_anew(self) -> None:
        self._ask("another-key", self.wish.reward_id)

    def redeem_as_a_friend(self) -> None:
        self._ask("story-key", self.wish.friends_reward_id)

    def _ask(self, key: str, reward_id: int) -> None:
        try:
            redeem_reward(
                self.parts,
                self.counter.buyer,
                reward_id=reward_id,
                key=key,
                surface="widget",
                choice=self.wish.choice,
            )
        except ShopifyError:
            # The shopper is told that it did not work: then nothing may have been taken.
            assert key not in [row.idempotency_key for row in self.redemptions()]
        except Killed:
            pass

    def undo(self) -> None:
        self._take_back("undone", "shopper")

    def leave_the_checkout(self) -> None:
        self._take_back("not_applied", "shopper")

    def be_cancelled(self) -> None:
        self._take_back("cancelled", "staff:1")

    def _take_back(self, reason: ReleaseReason, actor: str) -> None:
        for row in self.redemptions():
            with suppress(Killed, RedemptionNotOpen):
                undo_redemption(self.parts, self.counter.buyer, row.id, reason=reason, actor=actor)

    def be_served(self) -> None:
        """Staff do what was bought, where they see it."""
        for row in self.redemptions():
            with suppress(LoyaltyError), self.parts.database.tenant(self.tenant) as session:
                finish_redemption(
                    session,
                    redemption_id=row.id,
                    now=clock.utc_now(),
                    ledger_key=self.parts.settings.ledger_key,
                    actor="staff:1",
                )

    def pay(self) -> None:
        """Buy tea with what the member was shown, as far as the shop takes it."""
        for row in self.redemptions():
            if row.ready_at is not None and row.code is not None:
                PAYMENTS[row.way](self, vault_of(self.parts).decrypt(row.code))

    def pay_with_code(self, code: str) -> None:
        found = self.town.store.discounts.by_code(code)
        if found is not None and not found.usage_count:
            self._buy(discount_codes=[code])

    def pay_with_card(self, code: str) -> None:
        card = self.town.store.gift_cards.of_code(code)
        if card is not None:
            self._buy(terms=Terms(gift_card_ids=(card.id,)))
            self.spent_minor[code.lower()] = card.balance_minor

    def pay_with_credit(self, _: str) -> None:
        account = self.town.store.store_credit.of_customer(self.counter.customer.id)
        if account is not None and account.balance_minor:
            self._buy(terms=Terms(store_credit=True))
            self.spent_minor[""] = account.balance_minor

    def pay_without(self, _: str) -> None:
        """Nothing of it can be paid with."""

    def _buy(self, **more: Any) -> None:
        self.orders.append(self.town.buy(self.counter.customer, TEA, **more).id)

    def be_refunded(self) -> None:
        """Send everything back; what was paid by card or with credit is on it again, unspent."""
        while self.orders:
            self.town.store.orders.refund_rest(self.orders.pop())
        self.spent_minor.clear()

    def be_heard_of(self) -> None:
        """Let the app hear by webhook of what happened in the shop."""
        self.town.tell()

    def be_merged(self) -> None:
        """Turn out to be a customer whom the shop knows already."""
        kept = bring_member(self.town)
        self.town.store.customers.merge(kept.customer.id, self.counter.customer.id)
        self.counter.buyer = kept.buyer
        self._be(kept.buyer)
        self.be_heard_of()

    def _be(self, buyer: Buyer) -> None:
        self.member_ids.add(buyer.member_id)
        self.customer_ids.add(buyer.customer_id)

    def be_forgotten(self) -> None:
        self.town.store.customers.redact(self.counter.customer.id)
        self.be_heard_of()

    def pass_time(self, **delta: float) -> None:
        self.api.late_calls_take_effect(clock.utc_now() + timedelta(**delta))
        self.town.later(**delta)

    def wait_for_the_job(self) -> None:
        """Let the job run once, a moment later."""
        self.pass_time(seconds=20)
        self._run_the_job()

    def lose_shopify(self) -> None:
        """Let Shopify be away for two hours; what was asked for then is given up."""
        self.api.is_away = True
        for _ in range(3):
            self.pass_time(minutes=40)
            self._run_the_job()
        self.api.is_away = False

    def let_it_lapse(self) -> None:
        self.pass_time(days=31)
        with suppress(Killed):
            lapse_redemptions(self.parts, self.counter.buyer.program_id)

    def settle(self) -> None:
        """Run the jobs, whenever they are due, until nothing is left to do."""
        self.be_heard_of()
        for _ in range(ROUNDS_MAX):
            due_at = self._next_due()
            if due_at is None:
                # Whatever is still under way at Shopify, nobody looks for any more.
                self.api.late_calls_take_effect(clock.utc_now() + NEVER)
                return
            wait = due_at - clock.utc_now()
            self.pass_time(seconds=max(wait.total_seconds(), 0) + 1)
            self._run_the_job()
        raise AssertionError([(row.state, row.due_at) for row in self.redemptions()])

    def redemptions(self) -> list[Redemption]:
        query = select(Redemption).where(Redemption.member_id.in_(self.member_ids))
        with self.parts.database.tenant(self.tenant) as session:
            found = list(session.scalars(query.order_by(Redemption.id)))
            session.expunge_all()
            return found

    def _run_the_job(self) -> None:
        with suppress(Killed):
            settle_held_redemptions(self.parts, self.counter.buyer.shop_id)

    def _next_due(self) -> datetime | None:
        query = select(func.min(Redemption.due_at)).where(
            Redemption.member_id.in_(self.member_ids), Redemption.state != "ready"
        )
        with self.parts.database.tenant(self.tenant) as session:
            return session.scalar(query)


PAYMENTS = {
    "discount_code": Shopping.pay_with_code,
    "gift_card": Shopping.pay_with_card,
    "store_credit": Shopping.pay_with_credit,
    "by_staff": Shopping.pay_without,
    "donation": Shopping.pay_without,
}
"""How what comes in each way is spent in the shop."""


def bring_member(town: TellingShop) -> Counter:
    """Bring a customer with 1,000 points, a friend of the shop, of whom the app has heard."""
    customer = town.store.customers.create(first_name="Mali", tags=(FRIEND,))
    town.tell()
    return Counter(town, customer)
