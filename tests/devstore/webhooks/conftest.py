"""Webhooks are tested with an app that is installed."""

from typing import Any

import pytest


@pytest.fixture
def running(installed: Any) -> Any:
    return installed
