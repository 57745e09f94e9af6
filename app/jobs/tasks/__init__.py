"""What is done in the background, one effect a file, found by scanning this package."""

import importlib
import pkgutil
from collections.abc import Mapping
from types import ModuleType


def tasks() -> Mapping[str, ModuleType]:
    """Return every task's module by the task's name."""
    return {
        found.name: importlib.import_module(f"{__name__}.{found.name}")
        for found in pkgutil.iter_modules(__path__)
    }
