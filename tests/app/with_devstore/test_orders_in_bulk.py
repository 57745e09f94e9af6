"""A bulk operation's file gives the same snapshots as the Admin API, whatever happened to an order."""

import time

import pytest

from app.shopify.bulk_file import BulkFile, parts_for
from app.shopify.bulk_operation import ask_for_history, look_at
from app.shopify.bulk_order import history_order
from app.shopify.orders import fetch_orders
from tests.app.with_devstore.test_orders_both_ways import CASES, code, run, running

__all__ = ["code", "run", "running"]


@pytest.fixture
def in_bulk(run, tmp_path):
    """Return a function that reads all orders from a bulk operation's file, by id."""

    def in_bulk():
        gid, _ = ask_for_history(run)
        deadline = time.monotonic() + 30
        while (progress := look_at(run, gid)).is_running and time.monotonic() < deadline:
            time.sleep(0.1)
        file = BulkFile(gid, parts_for(progress.bytes_in_file), root=tmp_path)
        file.fetch(progress.url, progress.orders)
        orders = [history_order(node) for part in range(file.parts) for node in file.orders(part)]
        return {order.order_id: order for order in orders}

    return in_bulk


@pytest.mark.usefixtures("code")
def test_every_order_reads_the_same_in_bulk(running, customer, run, in_bulk):
    names = {case(running, customer).id: case.__name__ for case in CASES}

    read = in_bulk()

    fetched = {order.order_id: order for order in fetch_orders(run, list(names))}
    whole = {id_: order.snapshot for id_, order in read.items() if order.snapshot}
    left_to_fetch = {names[id_] for id_ in read.keys() & names.keys() if not read[id_].snapshot}
    assert names.keys() <= read.keys()
    assert {names[id_]: whole[id_] for id_ in whole.keys() & names.keys()} == {
        names[id_]: fetched[id_] for id_ in whole.keys() & names.keys()
    }
    assert left_to_fetch == {names[id_] for id_, order in fetched.items() if order.refunds}
    assert len(whole) > 15
