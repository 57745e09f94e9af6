"""What payloads do not tell of an order's products and customer: fetched once, then pinned."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from app.domain.order_snapshot import OrderSnapshot
from app.domain.program_rules import ProgramRules


class ProductFacts(NamedTuple):
    """What a product was when its order was first reckoned; a deleted product has no facts."""

    tags: tuple[str, ...] = ()
    collection_ids: tuple[int, ...] = ()


class CustomerFacts(NamedTuple):
    """What a customer was when their order was first reckoned."""

    tags: tuple[str, ...] = ()
    """Only those that the rules of the order ask about: tags may tell more of a person."""
    has_account: bool = False
    """Had an account, or was seen signed in, by then; see docs/decisions/0009."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderFacts:
    """The pinned facts of one order, by Shopify's numeric ids."""

    products: Mapping[int, ProductFacts] = field(default_factory=dict)
    customers: Mapping[int, CustomerFacts] = field(default_factory=dict)
    """More than one where the order changed hands."""


NO_FACTS = OrderFacts()

NOBODY = 0
"""The id that facts of a redacted customer are kept under."""


class MissingFacts(NamedTuple):
    """Of which products and customer facts are needed that are not pinned yet."""

    product_ids: frozenset[int] = frozenset()
    customer_id: int | None = None

    def __bool__(self) -> bool:
        return bool(self.product_ids) or self.customer_id is not None


NOTHING_MISSING = MissingFacts()


def asks_for_facts(rules: ProgramRules) -> bool:
    """Return whether reckoning an order by these rules can need facts."""
    return bool(
        rules.excluded_collection_ids
        or rules.excluded_product_tags
        or rules.excluded_customer_tags
        or rules.guests == "signed_in_only"
    )


def missing_facts(
    snapshot: OrderSnapshot, rules: ProgramRules, facts: OrderFacts = NO_FACTS
) -> MissingFacts:
    """Return which facts `rules` need to reckon the order; nearly always none."""
    if not asks_for_facts(rules):
        return NOTHING_MISSING
    product_ids: frozenset[int] = frozenset()
    if rules.excluded_collection_ids or rules.excluded_product_tags:
        known = facts.products.keys() | set(rules.excluded_product_ids)
        product_ids = frozenset(
            line.product_id
            for line in snapshot.lines
            if line.product_id is not None
            and line.product_id not in known
            and not (line.gift_card or line.tip)
        )
    customer_id = None
    if rules.excluded_customer_tags or rules.guests == "signed_in_only":
        known_customer = snapshot.customer_id in facts.customers
        customer_id = None if known_customer else snapshot.customer_id
    return MissingFacts(product_ids, customer_id)


def product_facts_from_json(stored: Mapping[str, Any]) -> ProductFacts:
    """Return a product's facts that were stored as JSON."""
    return ProductFacts(tuple(stored["tags"]), tuple(stored["collection_ids"]))


def customer_facts_from_json(stored: Mapping[str, Any]) -> CustomerFacts:
    """Return a customer's facts that were stored as JSON."""
    return CustomerFacts(tuple(stored["tags"]), stored["has_account"])
