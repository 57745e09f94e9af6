"""The topics that the app declares, one a file, found by scanning this package."""

import importlib
import pkgutil
from collections.abc import Mapping
from functools import cache
from typing import cast

from webhooks.topic import Topic


@cache
def topics() -> Mapping[str, Topic]:
    """Return every topic by Shopify's name."""
    modules = (
        importlib.import_module(f"{__name__}.{found.name}")
        for found in pkgutil.iter_modules(__path__)
    )
    return {module.TOPIC: cast(Topic, module) for module in modules}
