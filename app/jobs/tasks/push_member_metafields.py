"""Tells Shopify the balances of members that it shows differently."""

from app.flows.push_member_metafields import push_member_metafields
from app.jobs.shopify_away import put_off_without_shopify
from app.jobs.work import Work


def run(work: Work, program_id: int) -> None:
    """Push the programme's members that are behind."""
    with put_off_without_shopify("push_member_metafields"):
        push_member_metafields(work.parts, program_id)
