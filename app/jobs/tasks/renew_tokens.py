"""Renews the tokens of shops that were silent for long."""

from app.flows.shop_access import renew_ageing_refresh_tokens
from app.jobs.work import Work


def run(work: Work) -> None:
    """Renew them."""
    renew_ageing_refresh_tokens(work.parts)
