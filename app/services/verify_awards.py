"""Proves the awards of some members: each is what reckoning its source again comes to."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import chain
from typing import Any, NamedTuple

import orjson
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db.bulk import bigints
from app.db.ledger_streams import AWARDS, ORDERS, ORDERS_OF_NOBODY, stream
from app.db.models import Shop
from app.db.order_facts import load_order_facts
from app.db.order_refunds import announced_refunds
from app.db.session import Tenant, name_tenant
from app.db.stored_snapshots import (
    UNREADABLE,
    read_plain_order,
    read_snapshot,
    stored_plain_receipt,
)
from app.domain.award import Pin, Reckoning, reckon_manual, reckon_sign_up
from app.domain.discrepancy import Discrepancy
from app.domain.order_facts import NO_FACTS, OrderFacts, asks_for_facts
from app.domain.order_input import OrderInput, reckon
from app.domain.order_snapshot import OrderSnapshot, Refund, with_refunds
from app.domain.program_rules import ProgramRules
from app.domain.receipt import stored_line
from app.domain.rulebook import Rulebook
from app.domain.tier_perks import PERK_KINDS, reckon_perk
from app.services.verify_plain_awards import PlainReckoner, are_plain

_Row = tuple[Any, ...]
_ByOrder = dict[str, _Row]
"""Awards of a shop's orders as rows, by the order's number as the award names it."""


class _Award(NamedTuple):
    """A row of app.db.ledger_streams.AWARDS."""

    id: int
    source_kind: str
    source_id: str
    member_id: int
    points: int
    rule_version_id: int
    pin: bytes
    receipt: bytes
    input: str | None


class _Order(NamedTuple):
    """A row of app.db.ledger_streams.ORDERS."""

    id: int
    member_id: int | None
    spend_minor: int
    original_spend_minor: int
    paid_spend_minor: int | None
    deleted: bool
    facts_wanted: bool
    may_earn: bool
    snapshot: bytes


class _Pinned(NamedTuple):
    """A pin, and how it has its award reckoned."""

    pin: Pin
    rules: ProgramRules | None
    """None: there are no such rules."""
    reckoner: PlainReckoner | None
    """None: by these rules no order is plain."""


_DIGITS = 19
"""Of the largest id; the ids of Shopify have 13."""


@dataclass(kw_only=True)
class AwardProof:
    """Reckons awards of one programme again."""

    session: Session
    rulebook: Rulebook
    points: dict[int, int] = field(default_factory=dict)
    """Of every award that was reckoned again, by id, as it says itself."""

    @cached_property
    def _rules(self) -> Mapping[int, ProgramRules]:
        return {version_id: rules for _, version_id, rules in self.rulebook.versions}

    @cached_property
    def _asks_for_facts(self) -> bool:
        return any(asks_for_facts(rules) for rules in self._rules.values())

    @cached_property
    def _pins(self) -> dict[bytes, _Pinned]:
        """By the JSON that they are stored as: a programme has few different ones."""
        return {}

    @cached_property
    def _sign_ups(self) -> dict[int, tuple[int, bytes]]:
        """What signing up is worth by each version, and its receipt as it is stored."""
        worth = {version_id: reckon_sign_up(rules) for version_id, rules in self._rules.items()}
        return {
            version_id: (reckoning.points, orjson.dumps([*map(stored_line, reckoning.receipt)]))
            for version_id, reckoning in worth.items()
        }

    def of_members(self, shop_ids: Iterable[int], *, first: int, last: int) -> list[Discrepancy]:
        """Reckon all awards of the members with ids in [first, last], and find those missing.

        The shops are those whose orders are looked through, and any that an award names; of those
        that were redacted nothing is left to reckon from. Returns what is wrong. Afterwards the
        tenant is the programme alone.
        """
        program_id = self.rulebook.program_id
        of_shops: defaultdict[str, _ByOrder] = defaultdict(dict)
        found: list[Discrepancy] = []
        for rows in stream(self.session, AWARDS, (program_id, first, last)):
            for row in rows:
                self.points[row[0]] = row[4]
                if row[1] == "order":
                    shop, _, order = row[2].partition(":")
                    of_shops[shop][order] = row
                elif row[1] != "sign_up" or (row[4], row[7]) != self._sign_ups.get(row[5]):
                    found += self._of_other_source(_Award._make(row))
        for shop_id in sorted({*shop_ids, *map(int, filter(_is_id, of_shops))}):
            name_tenant(self.session, Tenant(program_id=program_id, shop_id=shop_id))
            awards = of_shops.pop(str(shop_id), {})
            if not self._is_redacted(shop_id):
                found += self._of_shop(shop_id, awards, (program_id, first, last))
        name_tenant(self.session, Tenant(program_id=program_id))
        return [*found, *chain.from_iterable(map(_lost, of_shops.values()))]

    def _is_redacted(self, shop_id: int) -> bool:
        redacted = select(Shop.redacted_at.is_not(None)).where(Shop.id == shop_id)
        return bool(self.session.scalar(redacted))

    def _of_shop(
        self, shop_id: int, awards: _ByOrder, members: tuple[int, int, int]
    ) -> list[Discrepancy]:
        """Reckon the orders of a shop; those whose order is found are taken out of its `awards`."""
        ids = [int(order) for order in filter(_is_id, awards)]
        refunds = announced_refunds(self.session, shop_id, ids)
        facts = load_order_facts(self.session, shop_id, ids) if self._asks_for_facts else {}
        found: list[Discrepancy] = []
        for orders in stream(self.session, ORDERS, (*members, shop_id)):
            found += self._of_orders(orders, awards, refunds, facts)
        # What is left lost its order, unless that was taken off its customer: then it is worth
        # nothing. Its receipt is compared with the order's, which may say more, as that it was
        # deleted since.
        left = [order for order, row in awards.items() if not row[4] and _is_id(order)]
        of_nobody = (members[0], shop_id, bigints(map(int, left)))
        for orders in stream(self.session, ORDERS_OF_NOBODY, of_nobody) if left else ():
            found += self._of_orders(orders, awards, refunds, facts)
        return [*found, *_lost(awards)]

    def _of_orders(
        self,
        orders: Sequence[_Row],
        awards: _ByOrder,
        refunds: Mapping[int, Sequence[Refund]],
        facts: Mapping[int, OrderFacts],
    ) -> list[Discrepancy]:
        found: list[Discrepancy] = []
        for order in orders:
            award = awards.pop(str(order[0]), None)
            if award is None:
                found += _unless_awarded(_Order._make(order))
            elif not self._is_plainly_right(order, award, refunds):
                found += self._of_order(_Order._make(order), _Award._make(award), refunds, facts)
        return found

    def _of_other_source(self, award: _Award) -> Sequence[Discrepancy]:
        where, lines = f"award:{award.id}", orjson.loads(award.receipt)
        found = list(_unequal_sum(where, award.points, lines))
        rules = self._rules.get(award.rule_version_id)
        if rules is None:
            return [*found, _wrong("pins", where, "", str(award.rule_version_id))]
        given = orjson.loads(award.input or "{}")
        if award.source_kind == "manual":
            reckoning = reckon_manual(given.get("points", 0))
        elif award.source_kind in PERK_KINDS:
            reckoning = reckon_perk(
                award.source_kind, given.get("points", 0), given.get("tier", "")
            )
        else:
            reckoning = reckon_sign_up(rules)
        return [*found, *_compare_lines(where, award.points, lines, reckoning)]

    def _is_plainly_right(
        self, order: _Row, award: _Row, refunds: Mapping[int, Sequence[Refund]]
    ) -> bool:
        """Return whether an order is plain and its award right; both as in `_Order`, `_Award`."""
        order_id, owner_id, spend_minor, original_minor, _, deleted, waits, _, snapshot = order
        _, _, _, member_id, points, version_id, stored_pin, stored_receipt, _ = award
        if member_id != owner_id or deleted or waits:
            return False
        pin, _, reckoner = self._pins.get(stored_pin) or self._pinned(stored_pin)
        if reckoner is None or pin.rule_version_id != version_id:
            return False
        announced = (
            [refund.refund_id for refund in refunds[order_id]] if order_id in refunds else ()
        )
        try:
            plain = read_plain_order(snapshot)
        except UNREADABLE:
            return False
        reckoned = reckoner.reckon(plain, announced)
        return reckoned is not None and (
            reckoned[:3] == (points, spend_minor, original_minor)
            and stored_plain_receipt(reckoned[3]) == stored_receipt
        )

    def _of_order(
        self,
        order: _Order,
        award: _Award,
        refunds: Mapping[int, Sequence[Refund]],
        facts: Mapping[int, OrderFacts],
    ) -> Sequence[Discrepancy]:
        where = f"order:{order.id} award:{award.id}"
        try:
            snapshot = read_snapshot(order.snapshot)
        except UNREADABLE as error:
            return [_unreadable(where, error)]
        pin, rules, _ = self._pinned(award.pin)
        if rules is None or pin.rule_version_id != award.rule_version_id:
            told = str(award.rule_version_id), str(pin.rule_version_id)
            return [_wrong("pins", where, *told)]
        if order.id in refunds:
            snapshot = with_refunds(snapshot, refunds[order.id])
        order_input = OrderInput(
            snapshot=snapshot,
            facts=facts.get(order.id, NO_FACTS),
            paid_spend_minor=order.paid_spend_minor,
            deleted=order.deleted,
            taken_off=order.member_id is None,
            waiting=order.facts_wanted,
        )
        if order_input.waiting:
            return _unequal_sum(where, award.points, orjson.loads(award.receipt))
        return _compare(where, order, award, snapshot, reckon(order_input, rules, pin))

    def _pinned(self, stored: bytes) -> _Pinned:
        known = self._pins.get(stored)
        if known is None:
            pin = Pin(**orjson.loads(stored))
            rules = self._rules.get(pin.rule_version_id)
            plain = rules is not None and are_plain(rules)
            reckoner = PlainReckoner(rules, pin.multiplier_bp) if rules and plain else None
            known = self._pins[stored] = _Pinned(pin, rules, reckoner)
        return known


def _is_id(text: str) -> bool:
    """Return whether PostgreSQL can take a text for an id."""
    return text.isdecimal() and text.isascii() and len(text) < _DIGITS


def _lost(awards: _ByOrder) -> Iterator[Discrepancy]:
    """Yield the awards of orders that do not exist."""
    for row in awards.values():
        yield _wrong("lost_orders", f"award:{row[0]}", f"order {row[2]}", "")


def _unless_awarded(order: _Order) -> Sequence[Discrepancy]:
    """Judge an order without an award: few orders may be so."""
    where = f"order:{order.id}"
    try:
        snapshot = read_snapshot(order.snapshot)
    except UNREADABLE as error:
        return [_unreadable(where, error)]
    if order.may_earn and not (order.facts_wanted or snapshot.test):
        return [_wrong("missing_awards", where, "", "")]
    return ()


def _compare(
    where: str, order: _Order, award: _Award, snapshot: OrderSnapshot, reckoning: Reckoning
) -> Sequence[Discrepancy]:
    """Compare an award and its order's row with what they come to; nearly always all is equal."""
    receipt = orjson.loads(award.receipt)
    original_minor = 0 if snapshot.test else reckoning.original_spend_minor
    found = list(_unequal_sum(where, award.points, receipt))
    found += _compare_lines(where, award.points, receipt, reckoning)
    if reckoning.spend_minor != order.spend_minor or original_minor != order.original_spend_minor:
        expected = f"{reckoning.spend_minor} / {original_minor}"
        spends = f"{order.spend_minor} / {order.original_spend_minor}"
        found.append(_wrong("spend", where, expected, spends))
    if order.member_id not in (None, award.member_id):
        found.append(_wrong("owners", where, "", ""))
    return found


def _compare_lines(
    where: str, points: int, receipt: Sequence[Any], reckoning: Reckoning
) -> Sequence[Discrepancy]:
    if reckoning.points != points:
        return [_wrong("reckoning", where, str(reckoning.points), str(points))]
    lines = [stored_line(line) for line in reckoning.receipt]
    if lines != receipt:
        others = _first_other(lines, receipt), _first_other(receipt, lines)
        return [_wrong("receipt_lines", where, *others)]
    return ()


def _unequal_sum(
    where: str, points: int, receipt: Sequence[Mapping[str, Any]]
) -> Sequence[Discrepancy]:
    total = sum([line["points"] for line in receipt])
    return [] if total == points else [_wrong("receipts", where, str(points), str(total))]


def _unreadable(where: str, error: Exception) -> Discrepancy:
    return _wrong("unreadable", where, "", str(error)[:200])


def _wrong(what: str, where: str, expected: str, found: str) -> Discrepancy:
    return Discrepancy(what=what, where=where, expected=expected, found=found)


def _first_other(lines: Sequence[Any], others: Sequence[Any]) -> str:
    """Return the first line that is not where it is among the others, as JSON."""
    for index, line in enumerate(lines):
        if index >= len(others) or others[index] != line:
            return orjson.dumps(line).decode()
    return ""
