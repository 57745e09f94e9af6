"""The installation that a command works on: the environment's, else this folder's demo."""

import contextlib
import os
from collections.abc import Iterator

from app.development.database import development_database
from app.development.installation import (
    SECRET_NAMES,
    SECRETS,
    demo_environment,
    ports_from_environment,
)
from app.settings import Settings, load_settings


@contextlib.contextmanager
def current_installation() -> Iterator[Settings]:
    """Yield the environment's settings; where it holds none and a demo was made here, the demo's.

    The demo's are put into the environment too, where the server's processes read them.

    Raises:
        SettingsError: the environment lacks settings, and there is no demo.
    """
    if any(os.environ.get(name) for name in SECRET_NAMES) or not SECRETS.exists():
        yield load_settings()
        return
    with development_database() as database_url:
        os.environ.update(demo_environment(ports_from_environment(), database_url))
        yield load_settings()
