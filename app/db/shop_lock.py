"""Lets one transaction at a time take in a shop's orders and customers."""

from sqlalchemy.orm import Session

from app.db.wire import Trip, one_trip

_NAMESPACE = 0x0D2A
"""Distinguishes these advisory locks from any others on the database."""


def lock_shop(session: Session, shop_id: int) -> None:
    """Wait for the shop's turn; it ends with the transaction, and asking twice is harmless.

    An advisory lock and not the shop's row: intake's foreign keys and the refresh of tokens lock
    that row, and must not wait for a batch of orders.
    """
    with one_trip(session) as trip:
        ask_turn(trip, shop_id)


def ask_turn(trip: Trip, shop_id: int) -> None:
    """Have the rest of the trip wait for the shop's turn, as `lock_shop` does."""
    trip.ask("select pg_advisory_xact_lock($1::bigint)", ((_NAMESPACE << 32) + shop_id,))
