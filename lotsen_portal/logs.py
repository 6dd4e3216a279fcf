"""Logs as JSON lines: numbers, names of views and exception classes, never a person, an address or a link."""

from __future__ import annotations

import logging
import sys
import traceback
from collections.abc import MutableMapping
from typing import Any, Final

import structlog
from django.http import HttpRequest

Event = MutableMapping[str, Any]
QUIET: Final = ("celery.app.trace", "celery.worker.strategy", "celery.beat")


def configure(level: str) -> dict[str, Any]:
    """Set structlog up and return Django's LOGGING: everything passes the same processors."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        bare_request,
        bare_exception,
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "json": {
                "()": structlog.stdlib.ProcessorFormatter,
                "foreign_pre_chain": shared,
                "processors": [
                    structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                    structlog.processors.JSONRenderer(sort_keys=True, ensure_ascii=False),
                ],
            }
        },
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
        "root": {"handlers": ["stderr"], "level": level},
        # Django's own handlers would print what ours leaves out. A line for each task and each tick of the
        # clock says nothing that the outbox does not.
        "loggers": {
            **{name: {"level": level, "propagate": True} for name in ("django", "django.server")},
            **{name: {"level": "WARNING"} for name in QUIET},
            "gunicorn.http.wsgi": {"level": "ERROR"},  # warns of every HEAD, which mail scanners love
        },
    }


def bare_request(_logger: Any, _method: str, event: Event) -> Event:
    """Replace the line that Django writes about a request, whose path may hold a token, by its view."""
    record = event.get("_record")
    request = getattr(record, "request", None)
    if isinstance(record, logging.LogRecord) and isinstance(request, HttpRequest):
        match = request.resolver_match
        event["event"] = "request"
        event["view"] = match.view_name if match else ""
        event["method"] = request.method
        event["status"] = getattr(record, "status_code", None)
    elif isinstance(record, logging.LogRecord) and record.name == "django.security.DisallowedHost":
        event["event"] = "disallowed_host"
    return event


def bare_exception(_logger: Any, _method: str, event: Event) -> Event:
    """Keep of an exception its class and where it happened; its text may hold what a person typed."""
    record = event.get("_record")
    given = event.pop("exc_info", None) or (
        record.exc_info if isinstance(record, logging.LogRecord) else None
    )
    if given is True:
        given = sys.exc_info()
    error = given[1] if isinstance(given, tuple) else given
    if isinstance(error, BaseException):
        event["exception"] = [f"{type(error).__module__}.{type(error).__qualname__}"] + [
            f"{frame.filename}:{frame.lineno} {frame.name}"
            for frame in traceback.extract_tb(error.__traceback__)
        ]
    return event
