"""When a webhook that failed is tried again."""

# Eight retries over about four hours, each wait about twice the one before.
SCHEDULE_SECONDS = (60, 120, 240, 480, 960, 1800, 3600, 7200)


def next_delay(attempts: int, compressed_seconds: float = 0.0) -> float | None:
    """Return how long to wait after so many tries, or None when Shopify gives up.

    `compressed_seconds`, if given, stands in for every wait, for development.
    """
    if attempts > len(SCHEDULE_SECONDS):
        return None
    return compressed_seconds or SCHEDULE_SECONDS[attempts - 1]
