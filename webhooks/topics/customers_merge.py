"""`customers/merge`: two customer records became one."""

from functools import partial

from sqlalchemy.orm import Session

from app.services.merge_members import merge_members
from app.shopify.order_payload import gid_number
from webhooks.topic import Call, Event, Outcome, Scope

TOPIC = "customers/merge"


def translate(event: Event, scope: Scope) -> Outcome:
    """Return a call of merge_members."""
    kept = gid_number(event.payload["admin_graphql_api_customer_kept_id"])
    merged = gid_number(event.payload["admin_graphql_api_customer_deleted_id"])
    return Call(partial(_merge, kept, merged))


def _merge(kept: int, merged: int, session: Session, scope: Scope) -> None:
    merge_members(
        session,
        shop_id=scope.shop_id,
        program_id=scope.program_id,
        kept_customer_id=kept,
        merged_customer_id=merged,
        now=scope.now,
        ledger_key=scope.ledger_key,
    )
