"""Tells the storefront the widget's settings."""

from app.flows.push_widget_settings import push_widget_settings
from app.jobs.shopify_away import put_off_without_shopify
from app.jobs.work import Work

PRIORITY = 5


def run(work: Work, program_id: int) -> None:
    """Push the programme's settings."""
    with put_off_without_shopify("push_widget_settings"):
        push_widget_settings(work.parts, program_id)
