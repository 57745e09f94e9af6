"""What happens to redemptions while Shopify fails, and what must be true when all has settled."""

import dataclasses
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import func, select

from app import clock
from app.container import Container
from app.db.models import Member, Redemption
from app.db.session import Tenant
from app.domain.errors import RedemptionNotOpen
from app.flows import lapse_redemptions as lapsing
from app.flows import redeem as redeeming
from app.flows import settle_held as settling
from app.flows import undo_redemption as undoing
from app.flows.redeem import Buyer
from app.flows.shop_access import vault_of
from app.services.verify_ledger import verify_ledger
from app.shopify.client import AdminApi
from app.shopify.errors import ShopifyError

EFFECTLESS = ("before", "throttled", "429", "500", "cut", "timeout_before", "killed")
EFFECTIVE = ("after", "500_after", "cut_after", "timeout", "late", "killed_after")
KINDS = EFFECTLESS + EFFECTIVE
BUDGET_S = 0.5
HELD_BACK_S = 0.8
ROUNDS_MAX = 40
START_POINTS = 1_000
AMOUNT_MINOR = 5_000
REWARDS: dict[str, dict[str, Any]] = {
    "amount_off": {"amount_minor": AMOUNT_MINOR},
    "free_shipping": {},
    "gift_card": {"amount_minor": AMOUNT_MINOR, "life_days": 365},
    "store_credit": {"amount_minor": AMOUNT_MINOR, "life_days": 365},
    "donation": {"cause": "The forest"},
    "by_staff": {"what": "A tea ceremony"},
}
"""One reward for each way, and for each mutation that makes codes."""


class Killed(BaseException):
    """The app's process ends between two steps."""


@dataclass(frozen=True)
class Strike:
    """The call at `position` (0: the first) fails in the way of `kind`."""

    position: int
    kind: str


@dataclass(frozen=True)
class AtShopify:
    """What a member can spend there."""

    codes: list[str]
    cards: list[str]
    credit_minor: int


class WatchedApi:
    """The Admin API, noting what is asked; the process ends at some calls."""

    def __init__(self, api: AdminApi) -> None:
        self._api = api
        self.asked: list[str] = []
        self.killed_at: dict[int, str] = {}

    def run(self, access: Any, operation: str, *args: Any, **more: Any) -> dict[str, Any]:
        how = self.killed_at.pop(len(self.asked), None)
        self.asked.append(operation)
        if how == "killed":
            raise Killed
        answer = self._api.run(access, operation, *args, **more)
        if how == "killed_after":
            raise Killed
        return answer


@dataclass
class Shopping:
    """One member and the shop; every step may fail on the way, as a request may."""

    parts: Container
    running: Any
    buyer: Buyer
    reward_id: int
    key: str = "story-key"
    passed: timedelta = timedelta()

    @property
    def tenant(self) -> Tenant:
        return self.buyer.tenant

    def redeem(self) -> None:
        try:
            redeeming.redeem_reward(
                self.parts, self.buyer, reward_id=self.reward_id, key=self.key, surface="widget"
            )
        except ShopifyError:
            # The shopper is told that it did not work: then nothing may have been taken.
            assert self.redemptions() == []
        except Killed:
            pass

    def undo(self) -> None:
        for row in self.redemptions():
            with suppress(Killed, RedemptionNotOpen):
                undoing.undo_redemption(self.parts, self.buyer, row.id, reason="undone")

    def settle_once(self) -> None:
        """Let the job run a moment later, while Shopify may still fail."""
        self.pass_time(seconds=20)
        with suppress(Killed):
            settling.settle_held_redemptions(self.parts, self.buyer.shop_id)

    def lapse(self) -> None:
        self.pass_time(days=31)
        with suppress(Killed):
            lapsing.lapse_redemptions(self.parts, self.buyer.program_id)

    def shopify_is_away(self) -> None:
        """Let Shopify be away for two hours; what was asked for then is given up."""
        self.running.fail("*", "before", count=1_000)
        for _ in range(3):
            self.pass_time(minutes=40)
            with suppress(Killed):
                settling.settle_held_redemptions(self.parts, self.buyer.shop_id)
        self.running.heal()

    def pass_time(self, **delta: float) -> None:
        self.passed += timedelta(**delta)
        clock.set_offset(self.passed)

    def settle(self) -> None:
        """Run the jobs, whenever they are due, until nothing is left to do."""
        for _ in range(ROUNDS_MAX):
            due_at = self._next_due()
            if due_at is None:
                return
            wait = due_at - clock.utc_now()
            self.pass_time(seconds=max(wait.total_seconds(), 0) + 1)
            settling.settle_held_redemptions(self.parts, self.buyer.shop_id)
        raise AssertionError([(row.state, row.due_at) for row in self.redemptions()])

    def redemptions(self) -> list[Redemption]:
        with self.parts.database.tenant(self.tenant) as session:
            found = list(
                session.scalars(
                    select(Redemption).where(Redemption.member_id == self.buyer.member_id)
                )
            )
            session.expunge_all()
            return found

    def _next_due(self) -> Any:
        with self.parts.database.tenant(self.tenant) as session:
            return session.scalar(
                select(func.min(Redemption.due_at)).where(
                    Redemption.member_id == self.buyer.member_id, Redemption.state != "ready"
                )
            )

    def left_at_shopify(self) -> AtShopify:
        """Return what this member can spend at Shopify."""
        store, customer_id = self.running.store, self.buyer.customer_id
        account = store.store_credit.of_customer(customer_id)
        return AtShopify(
            codes=sorted(
                each.code.lower()
                for each in store.discounts.all(limit=10_000)
                if customer_id in each.customer_ids
            ),
            cards=sorted(
                each.code.lower()
                for each in store.gift_cards.all()
                if each.customer_id == customer_id and each.enabled
            ),
            credit_minor=account.balance_minor if account else 0,
        )

    def check(self) -> None:
        """No points are lost, none are free, and nothing is left at Shopify that nobody has."""
        rows = self.redemptions()
        assert len(rows) <= 1
        assert {row.state for row in rows} <= {"ready", "used", "released"}
        had = [row for row in rows if row.state != "released"]
        assert self.left_at_shopify() == self._paid_for(had)
        held = sum(row.points for row in had if row.state == "ready")
        spent = sum(row.points for row in had)
        with self.parts.database.tenant(self.tenant) as session:
            member = session.get_one(Member, self.buyer.member_id)
            assert (member.available, member.held) == (START_POINTS - spent, held)

    def _paid_for(self, had: list[Redemption]) -> AtShopify:
        vault = vault_of(self.parts)
        return AtShopify(
            codes=[vault.decrypt(row.code).lower() for row in had if row.way == "discount_code"],
            cards=[vault.decrypt(row.code).lower() for row in had if row.way == "gift_card"],
            credit_minor=sum(AMOUNT_MINOR for row in had if row.way == "store_credit"),
        )

    def check_ledger(self) -> None:
        with self.parts.database.tenant(self.tenant) as session:
            key = self.parts.settings.ledger_key
            assert verify_ledger(session, program_id=self.buyer.program_id, ledger_key=key) == []


STORIES: dict[str, tuple[Callable[[Shopping], None], ...]] = {
    "redeemed": (Shopping.redeem,),
    "redeemed twice": (Shopping.redeem, Shopping.redeem),
    "settled by the job": (Shopping.redeem, Shopping.settle_once),
    "undone": (Shopping.redeem, Shopping.undo),
    "undone twice": (Shopping.redeem, Shopping.undo, Shopping.undo),
    "undone, settled by the job": (Shopping.redeem, Shopping.undo, Shopping.settle_once),
    "asked for again once undone": (Shopping.redeem, Shopping.undo, Shopping.redeem),
    "lapsed": (Shopping.redeem, Shopping.settle_once, Shopping.lapse),
    "given up": (Shopping.redeem, Shopping.shopify_is_away),
    "undone and given up": (Shopping.redeem, Shopping.undo, Shopping.shopify_is_away),
}


def impatient(parts: Container, monkeypatch: Any) -> Container:
    """Return the parts with an Admin API that is watched and waits for little."""
    monkeypatch.setattr(redeeming, "SHOPPER_BUDGET_S", BUDGET_S)
    for flow in (undoing, settling, lapsing):
        monkeypatch.setattr(flow, "BUDGET_S", BUDGET_S)
    api = AdminApi(
        parts.settings.shopify_origin_template,
        sleep=lambda seconds: time.sleep(min(seconds, 0.01)),
        jitter=lambda: 0.0,
    )
    shopify = dataclasses.replace(parts.shopify, api=WatchedApi(api))
    return dataclasses.replace(parts, shopify=shopify)


def live(shopping: Shopping, story: str, *strikes: Strike) -> list[str]:
    """Live through a story with some calls failing; return the calls that it took."""
    api: Any = shopping.parts.shopify.api
    api.asked.clear()
    api.killed_at = {each.position: each.kind for each in strikes if "killed" in each.kind}
    for strike in strikes:
        if "killed" not in strike.kind:
            shopping.running.fail("*", strike.kind, skip=strike.position, seconds=HELD_BACK_S)
    for step in STORIES[story]:
        step(shopping)
    calls = list(api.asked)
    api.killed_at.clear()
    shopping.running.heal()
    shopping.running.let_late_calls_end()
    shopping.settle()
    shopping.check()
    # What the member has now can be given back, whatever it went through.
    shopping.undo()
    shopping.settle()
    shopping.check()
    return calls
