"""One JSON object per line: what happened, where, how long it took; never what a reader wrote."""

from __future__ import annotations

import logging
import re
import sys
import traceback
from collections.abc import Mapping, MutableMapping
from typing import Any, TextIO

import structlog

# Whoever logs one of these by mistake finds it gone; so is `reader_email` and the like.
DROPPED_KEYS = frozenset(
    {"authorization", "body", "cookie", "email", "html", "password", "secret", "text", "token"}
    | {"api_key", "secret_key", "username"}
)
MAX_VALUE_CHARS = 500
MAX_FRAMES = 12

# What callers may add to a line by `extra`; Celery and others add whole arguments there.
EXTRA = ("comment_id", "revision", "request_id", "status", "action", "rules", "policy", "by")

_KEY_ENDINGS = tuple(f"_{key}" for key in sorted(DROPPED_KEYS))
# What must not reach a log even inside a sentence of another library.
_MASKS = (
    (re.compile(r"eyJ[\w.-]{10,}"), "[token]"),
    (re.compile(r"\b(?:pk|mt|ms|ml)_[\w-]{20,}"), "[key]"),
    (re.compile(r"(?<=://)[^/\s@]{1,200}@"), "[login]@"),
    (re.compile(r"[^\s@<>\"'()]{1,64}@[^\s@<>\"'()]+"), "[email]"),
)
_QUOTED = re.compile(r"\"[^\"]*\"|'[^']*'|“[^”]*”|\([^()]*\)=\([^()]*\)")

_Event = MutableMapping[str, Any]


def configure_logging(level: str = "info", stream: TextIO | None = None) -> None:
    """Send every logger of the process, ours and the libraries', to JSON lines.

    Args:
        level: debug, info, warning or error.
        stream: where to write; default is standard error.
    """
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True, key="time"),
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[*shared, structlog.stdlib.ExtraAdder(allow=EXTRA)],
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                describe_failure,
                keep_secrets_out,
                structlog.processors.JSONRenderer(ensure_ascii=False),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level.upper())


def get_logger(name: str) -> structlog.stdlib.BoundLogger:
    """A logger that takes an event and named values: `log.info("comment stored", comment_id=…)`."""
    logger: structlog.stdlib.BoundLogger = structlog.stdlib.get_logger(name)
    return logger


def bind_context(**values: str) -> None:
    """Add values such as `request_id` and `route` to every line of this request or task."""
    structlog.contextvars.bind_contextvars(**values)


def bound(name: str) -> str | None:
    """What `bind_context` was given under this name for the present request or task."""
    value = structlog.contextvars.get_contextvars().get(name)
    return value if isinstance(value, str) else None


def clear_context() -> None:
    """Forget what `bind_context` added; call it where a request or task begins."""
    structlog.contextvars.clear_contextvars()


def keep_secrets_out(_logger: object, _method: str, event: _Event) -> _Event:
    """Drop dangerous keys at any depth and mask tokens, keys, logins and addresses in values."""
    return {key: _safe(value) for key, value in event.items() if not _is_dangerous(key)}


def describe_failure(_logger: object, _method: str, event: _Event) -> _Event:
    """Replace an exception by its type, its places in the code and a harmless form of its message.

    Messages of databases and parsers quote the value they stumbled over, which may be a comment
    or an address: only the first line stays, with all that is quoted taken out.
    """
    info = event.pop("exc_info", None)
    if info is True:
        info = sys.exc_info()
    error = info[1] if isinstance(info, tuple) else info
    if not isinstance(error, BaseException):
        return event
    frames = traceback.extract_tb(error.__traceback__)[-MAX_FRAMES:]
    first_line = str(error).partition("\n")[0]
    event["error"] = f"{type(error).__module__}.{type(error).__qualname__}"
    event["error_message"] = _QUOTED.sub("…", first_line)
    event["error_at"] = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames]
    return event


def _is_dangerous(key: object) -> bool:
    name = str(key).lower().replace("-", "_")
    return name in DROPPED_KEYS or name.endswith(_KEY_ENDINGS)


def _safe(value: object) -> object:
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, Mapping):
        return {str(key): _safe(item) for key, item in value.items() if not _is_dangerous(key)}
    if isinstance(value, list | tuple | set | frozenset):
        return [_safe(item) for item in value]
    # Masked in twice the length that stays, so that no secret is cut into a form we do not know.
    text = str(value)[: 2 * MAX_VALUE_CHARS]
    for pattern, mask in _MASKS:
        text = pattern.sub(mask, text)
    return text if len(text) <= MAX_VALUE_CHARS else f"{text[:MAX_VALUE_CHARS]}…"
