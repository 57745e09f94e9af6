"""The file of a bulk operation is dealt out to parts, whatever the order of its lines."""

import os
import random

import orjson
import pytest
import responses

from app.shopify.bulk_file import (
    PART_BYTES,
    PARTS_MAX,
    BulkFile,
    FileGone,
    FileIncomplete,
    assemble,
    discard_forgotten,
    parts_for,
)
from app.shopify.errors import ShopifyUnavailable

URL = "https://storage.example/history.jsonl"
GID = "gid://shopify/BulkOperation/1"


def order(number):
    gid = f"gid://shopify/Order/{number}"
    return {"id": gid, "legacyResourceId": str(number)}


def line(number, order_number):
    parent = f"gid://shopify/Order/{order_number}"
    return {"id": f"gid://shopify/LineItem/{number}", "__parentId": parent}


def shipping(number, order_number):
    return line(number, order_number) | {"id": f"gid://shopify/ShippingLine/{number}"}


def text(*lines):
    return b"".join(orjson.dumps(each) + b"\n" for each in lines)


@pytest.fixture
def file(tmp_path):
    return BulkFile(GID, 3, root=tmp_path)


@responses.activate
def test_every_order_is_found_whole_in_one_part_whatever_the_order_of_lines(file):
    lines = [order(n) for n in range(1, 41)]
    lines += [line(100 * n + k, n) for n in range(1, 41) for k in range(n % 4)]
    random.Random(7).shuffle(lines)
    responses.get(URL, body=text(*lines))

    file.fetch(URL, 40)

    found = [each for part in range(3) for each in file.orders(part)]
    assert file.is_here
    assert sorted(int(each["legacyResourceId"]) for each in found) == list(range(1, 41))
    assert all(
        len(each["lineItems"]["nodes"]) == int(each["legacyResourceId"]) % 4 for each in found
    )


@responses.activate
def test_fetched_again_it_gives_the_same_parts(file, tmp_path):
    responses.get(URL, body=text(order(5), line(1, 5), order(4), order(3)))
    file.fetch(URL, 3)
    before = [file.orders(part) for part in range(3)]
    file.discard()
    gone = file.is_here

    again = BulkFile(GID, 3, root=tmp_path)
    again.fetch(URL, 3)

    assert not gone
    assert [again.orders(part) for part in range(3)] == before


@responses.activate
def test_an_address_that_ran_out_says_so_and_leaves_nothing_complete(file):
    responses.get(URL, status=403)

    with pytest.raises(FileGone):
        file.fetch(URL, 1)

    assert not file.is_here


@responses.activate
def test_a_file_that_lacks_orders_is_not_taken_for_whole(file):
    responses.get(URL, body=text(order(5)))

    with pytest.raises(FileIncomplete):
        file.fetch(URL, 2)

    assert not file.is_here


@responses.activate
def test_a_storage_that_does_not_answer_is_shopify_being_away(file):
    responses.get(URL, status=503)

    with pytest.raises(ShopifyUnavailable):
        file.fetch(URL, 1)

    assert not file.is_here


@responses.activate
def test_what_nobody_reads_any_more_is_removed_after_a_day(file, tmp_path):
    responses.get(URL, body=text(order(5)))
    file.fetch(URL, 1)

    discard_forgotten(root=tmp_path)
    young = file.is_here
    [folder] = tmp_path.iterdir()
    os.utime(folder, (0, 0))
    discard_forgotten(root=tmp_path)

    assert young
    assert not file.is_here


@responses.activate
def test_a_part_that_vanished_is_not_taken_for_empty(file, tmp_path):
    responses.get(URL, body=text(order(5)))
    file.fetch(URL, 1)
    empty = [file.orders(part) for part in (0, 1)]
    [part] = tmp_path.glob("*/2.jsonl")
    part.unlink()

    with pytest.raises(FileIncomplete):
        file.orders(2)

    assert empty == [[], []]


def test_shipping_is_told_from_goods():
    [found] = assemble(text(shipping(1, 9), line(2, 9), order(9)).splitlines())

    assert [each["id"] for each in found["lineItems"]["nodes"]] == ["gid://shopify/LineItem/2"]
    assert [each["id"] for each in found["shippingLines"]["nodes"]] == [
        "gid://shopify/ShippingLine/1"
    ]


def test_lines_whose_order_is_missing_are_left_out():
    assert assemble(text(line(1, 9)).splitlines()) == []


def test_a_part_stays_small_and_there_are_not_too_many():
    assert parts_for(10) == 1
    assert parts_for(3 * PART_BYTES + 1) == 4
    assert parts_for(10**12) == PARTS_MAX
    assert parts_for(None) > 1
