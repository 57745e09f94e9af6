"""What the rules keep from earning: products, collections, tags, customers, codes and guests."""

from collections.abc import Collection, Iterable
from typing import Literal, NamedTuple

from app.domain.order_facts import NOBODY, CustomerFacts, OrderFacts, ProductFacts
from app.domain.order_snapshot import OrderLine, OrderSnapshot
from app.domain.program_rules import ProgramRules

LineExclusion = Literal["excluded_product", "excluded_collection", "excluded_tag"]
OrderExclusion = Literal["excluded_customer", "excluded_code", "guest"]

_NO_PRODUCT_FACTS = ProductFacts()
_NO_CUSTOMER_FACTS = CustomerFacts()


class ExcludedLine(NamedTuple):
    """Why a line earns nothing; `detail` is the collection's id or the tag."""

    kind: LineExclusion
    detail: str = ""


class ExcludedOrder(NamedTuple):
    """Why a whole order earns nothing; `detail` is the customer's tag or the code."""

    kind: OrderExclusion
    detail: str = ""


def excludes_lines(rules: ProgramRules) -> bool:
    """Return whether `line_exclusion` can be anything but None under these rules."""
    return bool(
        rules.excluded_product_ids or rules.excluded_collection_ids or rules.excluded_product_tags
    )


def line_exclusion(line: OrderLine, rules: ProgramRules, facts: OrderFacts) -> ExcludedLine | None:
    """Return why the line earns nothing, None when it earns.

    Facts that are missing exclude nothing; `missing_facts` tells whether some are. A line without
    a product (a custom one, or of a product deleted before it was seen) is never excluded.
    """
    if line.product_id is None:
        return None
    if line.product_id in rules.excluded_product_ids:
        return ExcludedLine("excluded_product")
    product = facts.products.get(line.product_id, _NO_PRODUCT_FACTS)
    for collection_id in rules.excluded_collection_ids:
        if collection_id in product.collection_ids:
            return ExcludedLine("excluded_collection", str(collection_id))
    tag = _first_in(rules.excluded_product_tags, product.tags)
    return None if tag is None else ExcludedLine("excluded_tag", tag)


def order_exclusion(
    snapshot: OrderSnapshot, rules: ProgramRules, facts: OrderFacts
) -> ExcludedOrder | None:
    """Return why the whole order earns nothing, None when it earns."""
    if rules.excluded_discount_codes:
        code = _first_in(rules.excluded_discount_codes, snapshot.discount_codes)
        if code is not None:
            return ExcludedOrder("excluded_code", code)
    if not facts.customers:
        return None
    customer = facts.customers.get(snapshot.customer_id or NOBODY)
    if rules.excluded_customer_tags:
        tag = _first_in(rules.excluded_customer_tags, (customer or _NO_CUSTOMER_FACTS).tags)
        if tag is not None:
            return ExcludedOrder("excluded_customer", tag)
    if rules.guests == "signed_in_only" and customer is not None and not customer.has_account:
        return ExcludedOrder("guest")
    return None


def named_tags(tags: Iterable[str], named: Collection[str]) -> tuple[str, ...]:
    """Return those of `tags` that are `named`, case aside, as they are written."""
    folded = {name.casefold() for name in named}
    return tuple(tag for tag in tags if tag.casefold() in folded)


def _first_in(excluded: Iterable[str], present: Collection[str]) -> str | None:
    """Return the first of the excluded names that is present, case aside."""
    folded = {name.casefold() for name in present}
    return next((name for name in excluded if name.casefold() in folded), None)
