"""How much of an order counts while what an edit added to it is not paid."""

from dataclasses import replace

from app.domain.order_facts import NO_FACTS, OrderFacts
from app.domain.order_snapshot import OrderSnapshot
from app.domain.program_rules import ProgramRules
from app.domain.spend import charged_minor, spend_of


def paid_part_minor(
    snapshot: OrderSnapshot,
    paid: OrderSnapshot | None,
    rules: ProgramRules,
    facts: OrderFacts = NO_FACTS,
) -> int:
    """Return how much of the spend of an order that is partly paid was paid for, rounded down.

    `paid` is its newest state that was fully paid: what is still there of it stands, less what was
    given back; of what came since counts the share that was paid for, as in an exchange. Together
    they are no more than that state came to. None: it was paid once, but nobody knows what it was
    then, so that all lines count for the same share.
    """
    kept = _still_there(snapshot, paid)
    kept_minor = spend_of(kept, rules, facts).spend_minor
    new_minor = spend_of(snapshot, rules, facts).spend_minor - kept_minor
    new_charged_minor = charged_minor(snapshot) - charged_minor(kept)
    if new_charged_minor:
        paid_for_minor = max(new_charged_minor - snapshot.outstanding_minor, 0)
        kept_minor += new_minor * paid_for_minor // new_charged_minor
    return kept_minor if paid is None else min(kept_minor, spend_of(paid, rules, facts).spend_minor)


def _still_there(snapshot: OrderSnapshot, paid: OrderSnapshot | None) -> OrderSnapshot:
    """Return the order with no more of each line than there was when it was paid."""
    before = {line.line_id: line.current_quantity for line in paid.lines} if paid else {}
    lines = tuple(
        replace(line, current_quantity=min(line.current_quantity, before.get(line.line_id, 0)))
        for line in snapshot.lines
    )
    return replace(snapshot, lines=lines)
