"""Tells Shopify the balances of members that it shows differently."""

from app.flows.push_member_metafields import push_member_metafields
from app.jobs.work import Work


def run(work: Work, program_id: int) -> None:
    """Push the programme's members that are behind."""
    push_member_metafields(work.parts, program_id)
