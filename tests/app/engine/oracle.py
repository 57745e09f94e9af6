"""The oracle: what a ledger must say, reckoned from the final state of things alone.

It does its own arithmetic, in fractions, and knows no history but what product.md makes part of
the outcome: the pins of each award (rule version and multiplier, fixed when it was first reckoned)
and, for an order whose last edit is only partly paid, its newest fully paid state: what is still
there of that stands, and of what came since as much as was paid for.

What depends on when things happened is not foretold but bounded: how much expired before it was
taken back is left open, yet every point is somewhere (`_accounts_balance`), nothing that is due
waits (`_nothing_is_overdue`), nobody owes who never spent (`_debts_were_spent`), and a redemption
gave back no less than its order, as it stands, asks for, and no more than it cost
(`_redemptions_settle_once`): what came back once is not taken again when an edit brings a line back.
"""

from collections import Counter, defaultdict
from dataclasses import replace
from datetime import datetime
from fractions import Fraction
from math import floor

from app.domain.order_facts import CustomerFacts, ProductFacts
from app.domain.order_snapshot import OrderLine, OrderSnapshot
from app.domain.program_rules import ProgramRules
from tests.app.engine.books import Books
from tests.app.engine.shop import (
    CUSTOMERS,
    PRODUCTS,
    Shop,
    TrueOrder,
    is_paid,
    may_be_paid,
)

SPENDABLE = ("pending", "available", "held")


def check(books: Books, shop: Shop, now: datetime) -> None:
    """Fail unless the books, all deliveries made, say what the shop's final state asks for."""
    _accounts_balance(books)
    _debts_were_spent(books)
    _nothing_is_overdue(books, now)
    _awards_are_right(books, shop)
    _sign_ups_count_once(books, shop)
    _redemptions_settle_once(books, shop)
    _adjustments_add_up(books, shop)


def spend(order: OrderSnapshot, rules: ProgramRules) -> int:
    """Return what counts: each line rounded down once, less its share of amounts given back."""
    charged = _charged(order, with_what_came_back=True)
    kept = Fraction(_charged(order), charged) if charged else Fraction(not _back(order))
    counted = 0
    for line in order.lines:
        if line.quantity and not _excluded(line, rules):
            net = line.gross_minor - line.discount_minor - line.duty_minor
            net += line.tax_minor * (rules.include_tax - order.taxes_included)
            counted += floor(max(net, 0) * Fraction(line.current_quantity, line.quantity) * kept)
    if rules.include_shipping and order.shipping_minor:
        tax = order.shipping_tax_minor
        paid = order.shipping_minor + (0 if order.taxes_included else tax)
        gone = min(sum(refund.shipping_minor for refund in order.refunds), paid)
        net = order.shipping_minor + tax * (rules.include_tax - order.taxes_included)
        counted += floor(net * Fraction(paid - gone, paid))
    return counted


def _back(order: OrderSnapshot) -> int:
    return max(sum(refund.amount_minor for refund in order.refunds), 0)


def _charged(order: OrderSnapshot, *, with_what_came_back: bool = False) -> int:
    """What the lines cost as they stand, with tax, less amounts given back without lines."""
    charged = 0
    for line in order.lines:
        tax = 0 if order.taxes_included else line.tax_minor
        price = max(line.gross_minor - line.discount_minor + tax, 0)
        charged += floor(Fraction(price * line.current_quantity, line.quantity or 1))
    return charged if with_what_came_back else max(charged - _back(order), 0)


def _excluded(line: OrderLine, rules: ProgramRules) -> bool:
    product = PRODUCTS.get(line.product_id or 0, ProductFacts())
    return (
        line.gift_card
        or line.tip
        or line.product_id in rules.excluded_product_ids
        or any(id_ in rules.excluded_collection_ids for id_ in product.collection_ids)
        or any(tag.lower() in rules.excluded_product_tags for tag in product.tags)
    )


def _earns_nothing(state: OrderSnapshot, rules: ProgramRules) -> bool:
    """Whether the whole order is kept from earning, by its code or its customer."""
    codes = {code.lower() for code in state.discount_codes}
    customer = CUSTOMERS.get(state.customer_id or 0, CustomerFacts(has_account=True))
    return (
        bool(codes & set(rules.excluded_discount_codes))
        or any(tag.lower() in rules.excluded_customer_tags for tag in customer.tags)
        or (rules.guests == "signed_in_only" and not customer.has_account)
    )


def worth(order: TrueOrder, rules: ProgramRules, multiplier_bp: int) -> set[int]:
    """Return what an order may be worth; more than one answer only where two paid states tie."""
    state = order.now
    if order.deleted or state.test or state.cancelled_at or _earns_nothing(state, rules):
        return {0}
    if rules.earn_on == "fulfilled" and not state.fulfilled:
        return {0}
    counted = {spend(state, rules)}
    if may_be_paid(state):
        paid = [told for told in order.told if _earned(told, rules)]
        newest = max((told.updated_at for told in paid), default=None)
        parts = [told for told in paid if told.updated_at == newest]
        counted = {_paid_part(state, told, rules) for told in parts} or {0}
    elif not is_paid(state):
        return {0}
    half = Fraction(1, 2) if rules.rounding == "half_up" else 0
    rate = Fraction(rules.points_per_unit * multiplier_bp, rules.unit_minor * 10_000)
    return {floor(part * rate + half) for part in counted}


def _paid_part(state: OrderSnapshot, paid: OrderSnapshot, rules: ProgramRules) -> int:
    """What is still there of what was paid in full once, and what was paid for of the rest."""
    before = {line.line_id: line.current_quantity for line in paid.lines}
    left = [
        replace(line, current_quantity=min(line.current_quantity, before.get(line.line_id, 0)))
        for line in state.lines
    ]
    kept = replace(state, lines=tuple(left))
    added = _charged(state) - _charged(kept)
    paid_for = max(1 - Fraction(state.outstanding_minor, added), 0) if added else 0
    rest = spend(state, rules) - spend(kept, rules)
    return min(spend(kept, rules) + floor(rest * paid_for), spend(paid, rules))


def _earned(state: OrderSnapshot, rules: ProgramRules) -> bool:
    return is_paid(state) and (rules.earn_on == "paid" or state.fulfilled)


def _accounts_balance(books: Books) -> None:
    """Balances and lots equal their postings; pending + available + held is what came less what went."""
    sums: defaultdict[int, Counter[str]] = defaultdict(Counter)
    for move in books.moves:
        assert move.points > 0
        sums[move.member][move.debit] -= move.points
        sums[move.member][move.credit] += move.points
    inside: Counter[tuple[int, bool]] = Counter()
    for lot in books.lots:
        assert min(lot.points, lot.remaining, lot.expired) >= 0, lot
        inside[lot.member, lot.matured] += lot.remaining
    for member, seen in books.members.items():
        assert seen == tuple(sums[member][account] for account in SPENDABLE)
        assert seen.pending >= 0
        assert seen.held >= 0
        assert inside[member, False] == seen.pending
        assert inside[member, True] == max(seen.available, 0)
        others = {name: points for name, points in sums[member].items() if name not in SPENDABLE}
        assert sum(seen) == -sum(others.values())
    total = sum(sums.values(), Counter[str]())
    assert sum(sums[member]["transferred"] for member in sums) == 0
    assert total["expired"] >= 0
    assert total["redeemed"] >= 0


def _debts_were_spent(books: Books) -> None:
    """A debt is never more than what was once spent, or taken by staff, by those who are now one."""
    spent: Counter[int] = Counter()
    for move in books.moves:
        if move.debit == "available" and move.credit in ("held", "redeemed", "adjusted"):
            spent[_last(books, move.member)] += move.points
    for member, seen in books.members.items():
        assert -seen.available <= spent[_last(books, member)]


def _last(books: Books, member: int) -> int:
    while member in books.merged:
        member = books.merged[member]
    return member


def _nothing_is_overdue(books: Books, now: datetime) -> None:
    for lot in books.lots:
        assert lot.matured or lot.available_at > now or not lot.remaining, lot
        assert lot.expires_at is None or lot.expires_at > now or not lot.remaining, lot


def _awards_are_right(books: Books, shop: Shop) -> None:
    """Each order earned what it is worth, for whom it belongs to, with rules of its own time."""
    issued: Counter[int | None] = Counter()
    for move in books.moves:
        issued[move.award] += move.points * ((move.debit == "issued") - (move.credit == "issued"))
    for order_id, order in shop.orders.items():
        customer = order.now.customer_id
        owner = None if customer is None else shop.kept(customer)
        award = books.awards.get(order_id)
        if award is None:
            assert owner is None or shop.is_gone(customer) or not _must_earn(order, shop), order
            continue
        rules = shop.rules_at(order.now.processed_at)
        assert award.version == shop.version_at(order.now.processed_at)
        due = worth(order, rules, award.multiplier_bp)
        if owner is None:
            due = {0} | (due if _was_of_somebody_gone(order, shop) else set())
        elif shop.is_gone(customer):
            # Erased before it was learnt what they were: that excludes nothing.
            nobodys = replace(order, now=replace(order.now, customer_id=None))
            due |= worth(nobodys, rules, award.multiplier_bp)
        assert award.points in due, (order, award)
        assert award.points == award.receipt_points == issued[award.id], (order, award)
        if owner is not None and not shop.is_gone(customer) and not order.deleted:
            assert award.member == books.identities[owner], (order, award)


def _was_of_somebody_gone(order: TrueOrder, shop: Shop) -> bool:
    """Whether the order may stay with a member who is gone though it names nobody now."""
    return any(told.customer_id and shop.is_gone(told.customer_id) for told in order.told)


def _must_earn(order: TrueOrder, shop: Shop) -> bool:
    """Whether an order has to have an award: it is worth something without any tier."""
    at = order.now.processed_at
    return at >= shop.earning_starts_at and 0 not in worth(order, shop.rules_at(at), 10_000)


def _sign_ups_count_once(books: Books, shop: Shop) -> None:
    """Each customer who was told of got the sign-up points of the day they were created."""
    issued: Counter[int | None] = Counter()
    for move in books.moves:
        if move.debit == "issued":
            issued[move.award] += move.points
    for customer, created_at in shop.sign_ups.items():
        award = books.sign_ups.get(customer)
        if award is not None or not shop.is_gone(customer):
            due = shop.rules_at(created_at).sign_up_points
            assert (0 if award is None else issued[award]) == due


def _redemptions_settle_once(books: Books, shop: Shop) -> None:
    """A code is used by one order that has it, or not at all; points are spent once or given back."""
    spent: Counter[int | None] = Counter()
    held: Counter[int] = Counter()
    for move in books.moves:
        change = (move.credit == "redeemed") - (move.debit == "redeemed")
        spent[move.redemption] += change * move.points
    for code, number in shop.codes.items():
        seen = books.redemptions[number]
        orders = [
            order_id
            for order_id, order in shop.orders.items()
            if code in order.now.discount_codes and order.told
        ]
        assert 0 <= seen.returned <= seen.points
        if seen.state == "used":
            assert seen.order in orders
            assert spent[number] == seen.open == seen.points - seen.returned
            assert seen.returned >= _asked_back(shop.orders[seen.order], seen.points, shop)
        else:
            # A webhook of a test order is set aside.
            assert all(shop.orders[order_id].now.test for order_id in orders), (code, seen)
            assert seen.returned == 0
            assert spent[number] in ({0, seen.points} if seen.state == "released" else {0})
            held[seen.member] += 0 if seen.state == "released" else seen.points
    for member, balances in books.members.items():
        assert balances.held == held[member]


def _asked_back(order: TrueOrder, points: int, shop: Shop) -> int:
    """Return the least that an order, as it stands, gives back by the rules of its time."""
    state = order.now
    policy = shop.rules_at(state.processed_at).return_policy
    if policy == "never":
        return 0
    if order.deleted or state.cancelled_at is not None:
        return points
    charged = [max(line.gross_minor - line.discount_minor, 0) for line in state.lines]
    values = charged if any(charged) else [line.gross_minor for line in state.lines]
    values = values if any(values) else [line.quantity for line in state.lines]
    kept = sum(
        floor(Fraction(value * line.current_quantity, line.quantity or 1))
        for value, line in zip(values, state.lines, strict=True)
    )
    back = sum(values) - kept + sum(refund.amount_minor for refund in state.refunds)
    if back >= sum(values) > 0:
        return points
    proportional = policy == "proportional" and any(values)
    return floor(Fraction(points * back, sum(values))) if proportional else 0


def _adjustments_add_up(books: Books, shop: Shop) -> None:
    given = sum(
        move.points * ((move.debit == "adjusted") - (move.credit == "adjusted"))
        for move in books.moves
        if move.kind not in ("write_off", "write_back")
    )
    assert given == shop.adjusted
