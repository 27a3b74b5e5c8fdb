"""The log: one line of a few known keys for each request, never an address or a typed word."""

import sys
import traceback
from collections.abc import MutableMapping
from typing import Any, TextIO, cast

import structlog
from structlog.typing import FilteringBoundLogger

ALLOWED = frozenset(
    {
        "event",
        "level",
        "timestamp",
        "method",
        "route",
        "status",
        "ms",
        "reference",
        "error",
        "where",
    }
)
"""The only keys that reach the log."""


def request_logger(stream: TextIO | None = None) -> FilteringBoundLogger:
    """A logger that writes one JSON object a line, to standard error unless a stream is given."""
    logger = structlog.wrap_logger(
        structlog.WriteLogger(stream or sys.stderr),
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            only_allowed,
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(20),
        context_class=dict,
        cache_logger_on_first_use=False,
    )
    return cast("FilteringBoundLogger", logger)


def only_allowed(_logger: object, _method: str, line: MutableMapping[str, Any]) -> dict[str, Any]:
    """Leave out every key that is not in the list."""
    return {key: value for key, value in line.items() if key in ALLOWED}


def where(error: BaseException) -> str:
    """The function and line that raised. An exception's own words may hold content: they are left out."""
    frames = traceback.extract_tb(error.__traceback__)
    if not frames:
        return ""
    last = frames[-1]
    module = "/".join(last.filename.rsplit("/", 2)[-2:])
    return f"{module}:{last.lineno} {last.name}"
