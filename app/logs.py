"""Log lines as JSON, one a line, without personal data."""

import json
import logging
import sys
import traceback
from datetime import UTC, datetime
from typing import Any


class JsonFormatter(logging.Formatter):
    """Writes a record as one line of JSON.

    What varies is passed as `extra={"fields": {...}}`: ids, codes and counts, never names,
    addresses or bodies. The message of an exception may quote a row, so outside development only
    its type and where it was raised are written.
    """

    def __init__(self, *, verbose: bool) -> None:
        super().__init__()
        self._verbose = verbose

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        line: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "event": record.getMessage(),
        }
        line.update(getattr(record, "fields", {}))
        if record.exc_info and record.exc_info[1] is not None:
            line["exception"] = self._exception(record.exc_info[1])
        return json.dumps(line, default=str, ensure_ascii=False)

    def _exception(self, error: BaseException) -> dict[str, Any]:
        told: dict[str, Any] = {
            "type": type(error).__name__,
            "where": [
                f"{frame.filename}:{frame.lineno} {frame.name}"
                for frame in traceback.extract_tb(error.__traceback__)
            ],
        }
        if self._verbose:
            told["message"] = str(error)
        return told


def configure_logging(*, verbose: bool) -> None:
    """Send every logger's lines to standard error as JSON."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonFormatter(verbose=verbose))
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)
    # Procrastinate tells of every job; what matters of them is told by the tasks.
    logging.getLogger("procrastinate").setLevel(logging.WARNING)
