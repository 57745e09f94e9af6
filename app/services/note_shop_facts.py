"""Keeps a shop's name, language and plan."""

from sqlalchemy.orm import Session

from app.db.models import Shop


def note_shop_facts(
    session: Session,
    *,
    shop_id: int,
    name: str,
    primary_locale: str | None,
    plan_name: str | None,
    is_plus: bool | None,
) -> None:
    """Store what Shopify told; None keeps what is known."""
    shop = session.get_one(Shop, shop_id, with_for_update=True)
    shop.name = name
    if primary_locale is not None:
        shop.primary_locale = primary_locale
    if plan_name is not None:
        shop.plan_name = plan_name
    if is_plus is not None:
        shop.is_plus = is_plus
    session.flush()
