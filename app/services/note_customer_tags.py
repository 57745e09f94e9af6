"""Keeps which tags of customers are the app's own."""

from collections.abc import Mapping

from sqlalchemy import delete
from sqlalchemy.orm import Session

from app.db.bulk import insert_new_rows
from app.db.models import CustomerTag


def note_customer_tags(session: Session, *, shop_id: int, tags: Mapping[int, str]) -> None:
    """Note, before Shopify is asked for it, that customers may have a tag from now on.

    So a tag that was put on while nobody could note it any more is taken off later all the same.
    """
    insert_new_rows(
        session,
        CustomerTag,
        [
            {"shop_id": shop_id, "customer_id": customer_id, "tag": tag}
            for customer_id, tag in sorted(tags.items())
        ],
    )


def forget_customer_tags(
    session: Session, *, shop_id: int, customer_id: int, tags: set[str]
) -> None:
    """Forget tags that Shopify took off a customer."""
    session.execute(
        delete(CustomerTag).where(
            CustomerTag.shop_id == shop_id,
            CustomerTag.customer_id == customer_id,
            CustomerTag.tag.in_(tags),
        )
    )
