"""Tells Shopify the balances of members that it shows differently."""

import time

from app.flows.push_member_metafields import push_member_metafields
from app.jobs.shopify_away import put_off_without_shopify
from app.jobs.work import Work

BUDGET_S = 10.0
"""A job is short; who is still behind then is another's."""


def run(work: Work, program_id: int) -> None:
    """Push the programme's members that are behind."""
    ends = time.monotonic() + BUDGET_S
    with put_off_without_shopify("push_member_metafields"):
        push_member_metafields(work.parts, program_id, budget_s=BUDGET_S)
        if time.monotonic() >= ends:
            work.parts.jobs.enqueue("push_member_metafields", program_id=program_id)
