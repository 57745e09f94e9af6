"""A counter where a member takes rewards, and everything that becomes of them at the store."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import requests
from sqlalchemy import select

from app.clock import utc_now
from app.db.models import Member, Redemption
from app.db.queries.members import member_of_customer
from app.db.queries.redemptions import RedemptionRow, get_redemption
from app.domain.reward_offer import RewardOffer
from app.flows.fulfilment import Found, errand_for, fulfilment_of
from app.flows.redeem import Buyer, redeem_reward
from app.flows.shop_access import vault_of
from app.flows.undo_redemption import undo_redemption
from app.services.adjust_points import adjust_points
from app.services.save_reward import save_reward
from app.services.verify_ledger import verify_ledger
from devstore.store import Customer
from tests.app.with_devstore.telling import TellingShop


@dataclass
class Counter:
    """One member of a telling shop with 1,000 points, and what she asks for."""

    town: TellingShop
    customer: Customer
    keys: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        settings = self.town.parts.settings
        with self.town.parts.database.tenant(self.town.tenant) as session:
            member_id = member_of_customer(session, self.town.tenant.shop_id, self.customer.id)
            assert member_id is not None
            adjust_points(
                session,
                program_id=self.town.tenant.program_id,
                member_id=member_id,
                points=1_000,
                key="start",
                actor="system",
                note=None,
                now=utc_now(),
                ledger_key=settings.ledger_key,
            )
        self.buyer = Buyer(
            shop_id=self.town.tenant.shop_id,
            program_id=self.town.tenant.program_id,
            member_id=member_id,
            customer_id=self.customer.id,
        )

    def offer(self, type_: str, config: Mapping[str, Any], points: int = 100, **offer: Any) -> int:
        """Put a reward on offer."""
        with self.town.parts.database.tenant(self.town.tenant) as session:
            return save_reward(
                session,
                program_id=self.town.tenant.program_id,
                reward_id=None,
                type=type_,
                points=points,
                config=config,
                active=True,
                offer=RewardOffer(**offer),
                now=utc_now(),
            )

    def redeem(self, reward_id: int, choice: Mapping[str, Any] | None = None, **more: Any) -> Any:
        """Ask once; a new key each time, unless one is given."""
        key = more.pop("key", f"key-{len(self.keys)}-12345678")
        self.keys.append(key)
        return redeem_reward(
            self.town.parts,
            self.buyer,
            reward_id=reward_id,
            key=key,
            surface="widget",
            choice=choice or {},
            **more,
        )

    def undo(self, redemption: RedemptionRow) -> RedemptionRow:
        """Take a reward back."""
        return undo_redemption(self.town.parts, self.buyer, redemption.id, reason="undone")

    def now(self, redemption: RedemptionRow) -> RedemptionRow:
        """Return a redemption as it stands."""
        with self.town.parts.database.tenant(self.town.tenant) as session:
            row = get_redemption(session, redemption.id)
        assert row is not None
        return row

    def found(self, redemption: RedemptionRow) -> Found | None:
        """Return what its way finds at Shopify."""
        row = self.now(redemption)
        errand = errand_for(self.town.parts, self.town.tenant, row, budget_s=10)
        return fulfilment_of(row.way).find(errand, budget_s=10)

    def code(self, redemption: RedemptionRow) -> str:
        """Return its code."""
        assert redemption.code is not None
        return vault_of(self.town.parts).decrypt(redemption.code)

    def points(self) -> tuple[int, int]:
        """Return what she has: (available, held)."""
        with self.town.parts.database.tenant(self.town.tenant) as session:
            row = session.execute(
                select(Member.available, Member.held).where(Member.id == self.buyer.member_id)
            ).one()
            return row.available, row.held

    def states(self) -> list[str]:
        """Return the states of all her redemptions, the oldest first."""
        with self.town.parts.database.tenant(self.town.tenant) as session:
            return list(session.scalars(select(Redemption.state).order_by(Redemption.id)))

    def fail(self, operation: str, kind: str, **more: Any) -> None:
        """Let one call fail at the store."""
        template = self.town.parts.settings.shopify_origin_template
        origin = template.removesuffix("/shop/{shop}")
        fault = {"operation": operation, "kind": kind} | more
        requests.post(f"{origin}/admin/faults", json=fault, timeout=60).raise_for_status()

    def proved(self) -> bool:
        """Return whether the ledger holds."""
        key = self.town.parts.settings.ledger_key
        with self.town.parts.database.tenant(self.town.tenant) as session:
            return (
                verify_ledger(session, program_id=self.town.tenant.program_id, ledger_key=key) == []
            )
