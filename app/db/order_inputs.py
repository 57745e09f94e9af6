"""What awards of orders were reckoned from, loaded to reckon them again."""

from collections.abc import Collection

import orjson
from sqlalchemy import Text, cast, select
from sqlalchemy.orm import Session

from app.db.bulk import among
from app.db.models import CustomerOrder
from app.db.order_facts import load_order_facts
from app.db.order_refunds import announced_refunds
from app.domain.order_facts import NO_FACTS
from app.domain.order_input import OrderInput
from app.domain.order_snapshot import snapshot_from_json, with_refunds


def load_order_inputs(
    session: Session, shop_id: int, order_ids: Collection[int]
) -> dict[int, OrderInput]:
    """Return the inputs of these orders by id; app.domain.order_input.reckon takes them."""
    refunds = announced_refunds(session, shop_id, order_ids)
    facts = load_order_facts(session, shop_id, order_ids)
    rows = session.execute(
        select(
            CustomerOrder.order_id,
            CustomerOrder.member_id,
            CustomerOrder.paid_spend_minor,
            CustomerOrder.deleted_at,
            CustomerOrder.facts_wanted,
            cast(CustomerOrder.snapshot, Text).label("snapshot"),
        ).where(CustomerOrder.shop_id == shop_id, among(CustomerOrder.order_id, order_ids))
    )
    return {
        row.order_id: OrderInput(
            snapshot=with_refunds(
                snapshot_from_json(orjson.loads(row.snapshot)), refunds.get(row.order_id, ())
            ),
            facts=facts.get(row.order_id, NO_FACTS),
            paid_spend_minor=row.paid_spend_minor,
            deleted=row.deleted_at is not None,
            taken_off=row.member_id is None,
            waiting=row.facts_wanted,
        )
        for row in rows
    }
