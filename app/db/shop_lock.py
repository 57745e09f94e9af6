"""Lets one transaction at a time take in a shop's orders and customers."""

from sqlalchemy import text
from sqlalchemy.orm import Session

_NAMESPACE = 0x0D2A
"""Distinguishes these advisory locks from any others on the database."""


def lock_shop(session: Session, shop_id: int) -> None:
    """Wait for the shop's turn; it ends with the transaction, and asking twice is harmless.

    An advisory lock and not the shop's row: intake's foreign keys and the refresh of tokens lock
    that row, and must not wait for a batch of orders.
    """
    session.execute(
        text("select pg_advisory_xact_lock(:namespace * 4294967296 + :shop_id)"),
        {"namespace": _NAMESPACE, "shop_id": shop_id},
    )
