"""`shop/update`: the shop's name, plan or language changed."""

from functools import partial

from sqlalchemy.orm import Session

from app.services.note_shop_facts import note_shop_facts
from webhooks.topic import Call, Event, Outcome, Scope

TOPIC = "shop/update"

PLUS_PLANS = frozenset({"shopify_plus", "shopify_plus_sandbox", "plus_partner_sandbox"})


def translate(event: Event, scope: Scope) -> Outcome:
    """Return a call of note_shop_facts."""
    payload = event.payload
    return Call(
        partial(
            _note,
            name=str(payload["name"]),
            primary_locale=payload.get("primary_locale"),
            plan_name=payload.get("plan_display_name"),
            is_plus=payload["plan_name"] in PLUS_PLANS if payload.get("plan_name") else None,
        )
    )


def _note(
    session: Session,
    scope: Scope,
    *,
    name: str,
    primary_locale: str | None,
    plan_name: str | None,
    is_plus: bool | None,
) -> None:
    note_shop_facts(
        session,
        shop_id=scope.shop_id,
        name=name,
        primary_locale=primary_locale,
        plan_name=plan_name,
        is_plus=is_plus,
    )
