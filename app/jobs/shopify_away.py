"""What a task does when Shopify cannot be asked: it leaves the rest to the next sweep."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from app.shopify.errors import RefreshTokenLost, ShopClosed, ShopifyUnavailable

logger = logging.getLogger(__name__)


@contextmanager
def put_off_without_shopify(task: str) -> Iterator[None]:
    """End the block early, with a log line, when Shopify does not answer or the shop is closed."""
    try:
        yield
    except (ShopifyUnavailable, ShopClosed, RefreshTokenLost) as error:
        logger.warning(
            "task.put_off",
            extra={
                "fields": {
                    "task": task,
                    "error": type(error).__name__,
                    "shop": error.shop_domain,
                    "operation": error.operation,
                }
            },
        )
