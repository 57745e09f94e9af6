"""Reads the tags and companies of customers whom a tier may be for."""

import logging

from app.flows.read_customer_marks import read_customer_marks
from app.jobs.shopify_away import put_off_without_shopify
from app.jobs.work import Work
from app.shopify.errors import AccessDenied

logger = logging.getLogger(__name__)

PRIORITY = 6


def run(work: Work, shop_id: int) -> None:
    """Read whom it was asked for."""
    try:
        with put_off_without_shopify("read_customer_marks"):
            read_customer_marks(work.parts, shop_id)
    except AccessDenied as error:
        logger.warning("Customers of shop %s cannot be read: %s", shop_id, error)
