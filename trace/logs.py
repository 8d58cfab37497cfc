"""Structured logs: one JSON object a line, a request id, and nothing about persons, codes or secrets.

What a stranger typed never decides the shape of a line: JSON escapes control signs and everything beyond ASCII. A
request is logged by its route, never by its address, for addresses hold codes. An exception is logged by its kind and
the places it passed, never by its words, for words hold what was typed.
"""

import logging
import logging.config
import re
import secrets
import sys
import time
import traceback
from collections.abc import MutableMapping
from typing import Any, Final

import structlog
from flask import Flask, Response, g, request

from .metrics import REQUESTS
from .settings import ROOT, Settings

Event = MutableMapping[str, Any]

HIDDEN_KEYS: Final = frozenset(
    {"password", "pin", "token", "code", "secret", "cookie", "authorization", "email", "phone", "name", "address", "ip"}
)
OWN_KEYS: Final = frozenset({"request_id", "timestamp", "level", "logger", "route", "method", "kind", "where"})
"""Values that we make ourselves, so nothing is looked for in them."""
_SYMBOL = "[0-9A-HJKMNP-TV-Za-hjkmnp-tv-z]"
PATTERNS: Final = (
    (re.compile(r"[^\s@,;:<>\"']+@[^\s@,;:<>\"']+"), "[mail]"),
    (re.compile(r"(?<![0-9A-Za-z])(?:\+84|0)[0-9 .]{8,13}[0-9](?![0-9A-Za-z])"), "[phone]"),
    (re.compile(rf"(?<![0-9A-Za-z])(?:{_SYMBOL}{{4}}[- ]?){{3}}{_SYMBOL}{{4}}(?![0-9A-Za-z])"), "[code]"),
    (re.compile(r"[0-9A-Za-z_.\-]{32,}"), "[secret]"),
)
GIVEN_ID = re.compile(r"[0-9A-Za-z-]{8,64}")

log = structlog.stdlib.get_logger("trace")


def redact(_logger: object, _method: str, event: Event) -> Event:
    """Hide what a name or a shape gives away; the last thing done before a line is written."""
    return {key: _hidden(key, value) for key, value in event.items()}


def _hidden(key: str, value: Any) -> Any:
    if key in HIDDEN_KEYS:
        return "[hidden]"
    if key in OWN_KEYS or value is None or isinstance(value, bool | int | float):
        return value
    text = str(value)
    for pattern, word in PATTERNS:
        text = pattern.sub(word, text)
    return text


def tell_exception(_logger: object, _method: str, event: Event) -> Event:
    """An exception as its kinds, outermost last, and the places in this house it passed."""
    given = event.pop("exc_info", None)
    error = sys.exc_info()[1] if given is True else given[1] if isinstance(given, tuple) else given
    if isinstance(error, BaseException):
        event["kind"] = " < ".join(_kinds(error))
        event["where"] = [
            f"{frame.filename.removeprefix(f'{ROOT}/')}:{frame.lineno} {frame.name}"
            for frame in traceback.extract_tb(error.__traceback__)
            if frame.filename.startswith(str(ROOT / "trace")) or frame.filename.startswith(str(ROOT / "labels"))
        ]
    return event


def _kinds(error: BaseException) -> list[str]:
    kinds: list[str] = []
    step: BaseException | None = error
    while step is not None and len(kinds) < 5:
        kinds.append(type(step).__qualname__)
        step = step.__cause__ or step.__context__
    return kinds


_SHARED: Final[list[Any]] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
]
_LAST: Final[list[Any]] = [
    structlog.stdlib.ProcessorFormatter.remove_processors_meta,
    tell_exception,
    redact,
    structlog.processors.JSONRenderer(),
]


class LineFormatter(structlog.stdlib.ProcessorFormatter):
    """Every line of ours and of the libraries, made alike."""

    def __init__(self) -> None:
        super().__init__(foreign_pre_chain=_SHARED, processors=_LAST)


def logging_plan(level: str) -> dict[str, Any]:
    """For `logging.config.dictConfig`: everything to standard error, where the service manager keeps it."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"line": {"()": "trace.logs.LineFormatter"}},
        "handlers": {"out": {"class": "logging.StreamHandler", "formatter": "line", "stream": "ext://sys.stderr"}},
        "root": {"handlers": ["out"], "level": "WARNING"},
        "loggers": {
            "trace": {"level": level.upper()},
            "gunicorn.error": {"level": level.upper(), "handlers": [], "propagate": True},
            "gunicorn.access": {"level": "CRITICAL", "handlers": [], "propagate": False},
        },
    }


def configure(settings: Settings) -> None:
    """This process's logs; done once by whoever starts a process."""
    logging.config.dictConfig(logging_plan(settings.log_level))


structlog.configure(
    processors=[*_SHARED, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
    logger_factory=structlog.stdlib.LoggerFactory(),
    wrapper_class=structlog.stdlib.BoundLogger,
    cache_logger_on_first_use=False,
)


def _begin() -> None:
    g.request_id = _request_id()
    g.began = time.perf_counter()
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(request_id=g.request_id)


def _request_id() -> str:
    """One of our own; one that came with the request only where a proxy of ours stands before us and sets it."""
    from .service import settings

    given = request.headers.get("X-Request-ID", "")
    if settings().trusted_proxies and GIVEN_ID.fullmatch(given):
        return given
    return secrets.token_hex(8)


def _end(response: Response) -> Response:
    response.headers["X-Request-ID"] = g.get("request_id", "")
    rule = request.url_rule.rule if request.url_rule else None
    took_ms = round((time.perf_counter() - g.get("began", time.perf_counter())) * 1000)
    REQUESTS.labels(f"{response.status_code // 100}xx").inc()
    log.info("request", method=request.method, route=rule, status=response.status_code, took_ms=took_ms)
    return response


def init_app(app: Flask) -> None:
    """Before any other hook, so that whatever these do has a request id."""
    app.before_request(_begin)
    app.after_request(_end)

    def log_exception(exc_info: Any) -> None:
        if "request_id" not in g:  # a consumer page, which passes over the hooks
            _begin()
        log.error("a request failed", exc_info=exc_info)

    app.log_exception = log_exception  # type: ignore[method-assign] # Flask's own would log the address
