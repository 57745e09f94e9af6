"""Proves the awards of some members: each is what reckoning its source again comes to."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

import orjson
from sqlalchemy.orm import Session

from app.db.ledger_streams import ORDERS, OTHER_AWARDS, stream
from app.db.order_facts import load_order_facts
from app.db.order_refunds import announced_refunds
from app.db.stored_snapshots import UNREADABLE, read_snapshot
from app.domain.award import Pin, Reckoning, reckon_manual, reckon_sign_up
from app.domain.discrepancy import Discrepancy
from app.domain.order_facts import NO_FACTS, OrderFacts, asks_for_facts
from app.domain.order_input import OrderInput, reckon
from app.domain.order_snapshot import OrderSnapshot, Refund, with_refunds
from app.domain.program_rules import ProgramRules
from app.domain.receipt import stored_line
from app.domain.rulebook import Rulebook
from app.domain.tier_perks import PERK_KINDS, reckon_perk


class _Row(NamedTuple):
    """An order with its award, either of which may be missing; see app.db.ledger_streams.ORDERS."""

    award_id: int | None
    source_id: str | None
    points: int
    rule_version_id: int
    pin: str
    receipt: str
    order_id: int | None
    spend_minor: int
    original_spend_minor: int
    paid_spend_minor: int | None
    deleted: bool
    facts_wanted: bool
    may_earn: bool
    snapshot: str
    same_member: bool
    taken_off: bool


@dataclass(kw_only=True)
class AwardProof:
    """Reckons awards of one programme again."""

    session: Session
    rulebook: Rulebook

    @cached_property
    def _rules(self) -> Mapping[int, ProgramRules]:
        return {version_id: rules for _, version_id, rules in self.rulebook.versions}

    @cached_property
    def _asks_for_facts(self) -> bool:
        return any(asks_for_facts(rules) for rules in self._rules.values())

    @cached_property
    def _pins(self) -> dict[str, tuple[Pin, ProgramRules | None]]:
        """By the JSON that they are stored as: a programme has few different ones."""
        return {}

    def of_orders(self, shop_id: int, *, first: int, last: int) -> tuple[int, list[Discrepancy]]:
        """Reckon the orders of a shop by the members with ids in [first, last].

        The tenant must be that shop. Returns the number of awards and what is wrong.
        """
        values = {
            "program_id": self.rulebook.program_id,
            "shop_id": shop_id,
            "first": first,
            "last": last,
        }
        count = 0
        found: list[Discrepancy] = []
        for batch in stream(self.session, ORDERS, values):
            rows = [_Row._make(row) for row in batch]
            order_ids = [row.order_id for row in rows if row.order_id is not None]
            refunds = announced_refunds(self.session, shop_id, order_ids)
            facts = (
                load_order_facts(self.session, shop_id, order_ids) if self._asks_for_facts else {}
            )
            for row in rows:
                count += row.award_id is not None
                found += self._of_order(row, refunds, facts)
        return count, found

    def of_other_sources(self, *, first: int, last: int) -> tuple[int, list[Discrepancy]]:
        """Reckon what signing up and staff gave to the members with ids in [first, last]."""
        values = {"program_id": self.rulebook.program_id, "first": first, "last": last}
        count = 0
        found: list[Discrepancy] = []
        for batch in stream(self.session, OTHER_AWARDS, values):
            count += len(batch)
            for row in batch:
                found += self._of_other_source(*row)
        return count, found

    def _of_other_source(
        self,
        award_id: int,
        source_kind: str,
        points: int,
        version_id: int,
        source_input: str | None,
        receipt: str,
    ) -> Sequence[Discrepancy]:
        where, lines = f"award:{award_id}", orjson.loads(receipt)
        found = list(_unequal_sum(where, points, lines))
        rules = self._rules.get(version_id)
        if rules is None:
            return [*found, _wrong("pins", where, "", str(version_id))]
        if source_kind == "manual":
            reckoning = reckon_manual(orjson.loads(source_input or "{}").get("points", 0))
        elif source_kind in PERK_KINDS:
            given = orjson.loads(source_input or "{}")
            reckoning = reckon_perk(source_kind, given.get("points", 0), given.get("tier", ""))
        else:
            reckoning = reckon_sign_up(rules)
        return [*found, *_compare_lines(where, points, lines, reckoning)]

    def _of_order(
        self,
        row: _Row,
        refunds: Mapping[int, Sequence[Refund]],
        facts: Mapping[int, OrderFacts],
    ) -> Sequence[Discrepancy]:
        if row.order_id is None:
            order = f"order {row.source_id}"
            return [_wrong("lost_orders", f"award:{row.award_id}", order, "")]
        where = f"order:{row.order_id}" + (f" award:{row.award_id}" if row.award_id else "")
        try:
            snapshot = read_snapshot(row.snapshot)
        except UNREADABLE as error:
            return [_wrong("unreadable", where, "", str(error)[:200])]
        if row.award_id is None:
            if row.may_earn and not (row.facts_wanted or snapshot.test):
                return [_wrong("missing_awards", where, "", "")]
            return ()
        pin, rules = self._pinned(row.pin)
        if rules is None or pin.rule_version_id != row.rule_version_id:
            told = str(row.rule_version_id), str(pin.rule_version_id)
            return [_wrong("pins", where, *told)]
        if row.order_id in refunds:
            snapshot = with_refunds(snapshot, refunds[row.order_id])
        order_input = OrderInput(
            snapshot=snapshot,
            facts=facts.get(row.order_id, NO_FACTS),
            paid_spend_minor=row.paid_spend_minor,
            deleted=row.deleted,
            taken_off=row.taken_off,
            waiting=row.facts_wanted,
        )
        if order_input.waiting:
            return _unequal_sum(where, row.points, orjson.loads(row.receipt))
        return _compare(where, row, snapshot, reckon(order_input, rules, pin))

    def _pinned(self, stored: str) -> tuple[Pin, ProgramRules | None]:
        known = self._pins.get(stored)
        if known is None:
            pin = Pin(**orjson.loads(stored))
            known = self._pins[stored] = pin, self._rules.get(pin.rule_version_id)
        return known


def _compare(
    where: str, row: _Row, snapshot: OrderSnapshot, reckoning: Reckoning
) -> Sequence[Discrepancy]:
    """Compare an award and its order's row with what they come to; nearly always all is equal."""
    receipt = orjson.loads(row.receipt)
    original_minor = 0 if snapshot.test else reckoning.original_spend_minor
    found = list(_unequal_sum(where, row.points, receipt))
    found += _compare_lines(where, row.points, receipt, reckoning)
    if reckoning.spend_minor != row.spend_minor or original_minor != row.original_spend_minor:
        expected = f"{reckoning.spend_minor} / {original_minor}"
        spends = f"{row.spend_minor} / {row.original_spend_minor}"
        found.append(_wrong("spend", where, expected, spends))
    if not row.same_member:
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


def _wrong(what: str, where: str, expected: str, found: str) -> Discrepancy:
    return Discrepancy(what=what, where=where, expected=expected, found=found)


def _first_other(lines: Sequence[Any], others: Sequence[Any]) -> str:
    """Return the first line that is not where it is among the others, as JSON."""
    for index, line in enumerate(lines):
        if index >= len(others) or others[index] != line:
            return orjson.dumps(line).decode()
    return ""
