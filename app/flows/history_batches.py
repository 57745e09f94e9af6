"""The orders of a history file in batches, each with the place where it begins and ends."""

from collections.abc import Iterator, Sequence
from typing import Any

from app.db.encryption import Vault
from app.db.queries.history_imports import ImportRow
from app.services.enrol_customers import CustomerState, PersonalData
from app.services.take_history_in import HistoryBatch
from app.shopify.bulk_file import BulkFile, FileIncomplete
from app.shopify.bulk_order import HistoryCustomer, HistoryOrder, history_order
from app.shopify.client import Run
from app.shopify.orders import fetch_orders

BATCH = 500


class FileUnreadable(Exception):
    """A file of past orders holds something else, or lost a part."""


Position = dict[str, Any]
"""Of how many parts, which one, and how many of its orders are done."""


def beginning(parts: int) -> Position:
    """Return where reading a file of so many parts begins."""
    return {"parts": parts, "part": 0, "done": 0}


def position_of(row: ImportRow) -> Position:
    """Return where a reading goes on."""
    if row.position is None:
        raise ValueError(row.id)
    return row.position


def batches_left(
    file: BulkFile, position: Position, run: Run, vault: Vault
) -> Iterator[HistoryBatch]:
    """Yield what is left of the file from `position` on; refunded orders are fetched whole.

    Raises FileUnreadable.
    """
    begins = position
    for part in range(position["part"], file.parts):
        orders = _readable(file, part)
        first = position["done"] if part == position["part"] else 0
        for start in range(first, len(orders), BATCH):
            done = min(start + BATCH, len(orders))
            ends = {"parts": file.parts, "part": part, "done": done}
            yield _batch(orders[start:done], run, vault, begins, ends)
            begins = ends


def _readable(file: BulkFile, part: int) -> list[HistoryOrder]:
    """Return the orders of a part; raise FileUnreadable where they are not what was asked for."""
    try:
        return [history_order(node) for node in file.orders(part)]
    except (FileIncomplete, KeyError, TypeError, ValueError) as error:
        raise FileUnreadable from error


def _batch(
    orders: Sequence[HistoryOrder], run: Run, vault: Vault, begins: Position, ends: Position
) -> HistoryBatch:
    real = [order for order in orders if not order.test]
    # A bulk operation cannot tell what a refund consists of.
    refunded = [order.order_id for order in real if order.snapshot is None]
    return HistoryBatch(
        orders=len(orders),
        snapshots=[
            *(order.snapshot for order in real if order.snapshot is not None),
            *fetch_orders(run, refunded),
        ],
        customers=[_state(order.customer, vault) for order in real if order.customer],
        begins=begins,
        ends=ends,
    )


def _state(customer: HistoryCustomer, vault: Vault) -> CustomerState:
    """Return the customer's state, name and address encrypted."""
    return CustomerState(
        customer_id=customer.customer_id,
        created_at=customer.created_at,
        updated_at=customer.updated_at,
        personal=PersonalData(
            name=vault.encrypt(customer.name) if customer.name else None,
            email=vault.encrypt(customer.email) if customer.email else None,
            email_hash=vault.email_hash(customer.email) if customer.email else None,
        ),
    )
