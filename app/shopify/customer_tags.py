"""Tags of customers, put on and taken off; other tags stay as they are."""

from collections.abc import Collection

from app.shopify.client import Run


def retag_customer(
    run: Run, *, customer_id: int, add: Collection[str], remove: Collection[str]
) -> None:
    """Take tags off a customer and put others on; what is so already stays so.

    Raises ShopifyRefused for a customer who is gone or has 250 tags.
    """
    if not add and not remove:
        return
    variables = {
        "id": f"gid://shopify/Customer/{customer_id}",
        "add": sorted(add),
        "remove": sorted(remove),
        "adds": bool(add),
        "removes": bool(remove),
    }
    run("retag_customer", variables, repeatable=True)
