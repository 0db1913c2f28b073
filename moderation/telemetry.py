"""Logs: one line an event, as JSON or for a console; never a comment's text, never a secret."""

import logging
import sys
import traceback
from collections.abc import Iterator
from types import TracebackType
from typing import TextIO, cast

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

from moderation.model.errors import ModerationError

REDACTED = "[redacted]"

PRIVATE_FIELDS = frozenset(
    {
        "text",
        "body",
        "comment",
        "note",
        "author",
        "email",
        "password",
        "secret",
        "token",
        "key",
        "api_key",
        "authorization",
        "cookie",
        "headers",
        "metadata",
        "payload",
    }
)
"""Fields that may hold what somebody wrote or what opens a door; their values are never logged."""

# What somebody wrote can stand in the message of nearly any exception (a validator quotes its
# input, a database the whole row). Of these we know that it does not.
_SPEAKING = (ModerationError, OSError)

# These repeat at INFO, some of them each second, what our own events say better.
_QUIET = ("alembic", "celery.app.trace", "celery.beat", "celery.worker.strategy", "kombu")

_TASK_LOGGER = "celery.app.trace"


def configure_logs(
    *, as_json: bool, level: int = logging.INFO, stream: TextIO | None = None
) -> None:
    """Send everything that is logged, by us and by libraries, to one stream (stderr).

    Call it once in a process, before the first event.
    """
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=False,
    )
    stream = stream or sys.stderr
    handler = logging.StreamHandler(stream)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[*shared, _name_the_task],
            processors=[*_SAFE, _renderer(as_json, stream)],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for name in _QUIET:
        logging.getLogger(name).setLevel(max(level, logging.WARNING))


def redact(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Replace the values of private fields, at any depth of mappings."""
    return {
        name: REDACTED if name.lower() in PRIVATE_FIELDS else _redacted(value)
        for name, value in event.items()
    }


def _redacted(value: object) -> object:
    return redact(None, "", value) if isinstance(value, dict) else value


def _name_the_task(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Take the exception's words out of Celery's own report of a failed task."""
    record = cast("logging.LogRecord", event["_record"])
    if record.name == _TASK_LOGGER and record.exc_info:
        data = getattr(record, "data", {})
        event.update(event="task_failed", task=data.get("name"), id=data.get("id"))
    return event


def _tell_failure(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Turn exception information into types and places, without the words of strangers."""
    given = event.pop("exc_info", None)
    error = _exception(given)
    if error is not None:
        event["error"] = describe(error)
        event["trace"] = list(_places(error.__traceback__))
    return event


def describe(error: BaseException) -> str:
    """Return an exception's type, its message only if that cannot quote a comment, its cause."""
    own = type(error).__qualname__
    if isinstance(error, _SPEAKING):
        own += f": {error}"
    cause = error.__cause__
    return own if cause is None else f"{own} (from {describe(cause)})"


def without_requests(record: logging.LogRecord) -> bool:
    """Take out of gunicorn's own lines what they quote: an address may carry a key.

    A filter for its logger of errors, which goes past ours.
    """
    error = _exception(record.exc_info)
    said = record.getMessage()
    if said.startswith("Invalid request from"):
        record.msg, record.args = said.partition(": ")[0], None
    elif error is not None:
        record.msg, record.args = f"Error in a request: {describe(error)}", None
        record.exc_info = record.exc_text = None
    return True


def _exception(given: object) -> BaseException | None:
    if given is True:
        return sys.exc_info()[1]
    if isinstance(given, tuple):
        given = given[1]
    return given if isinstance(given, BaseException) else None


def _places(trace: TracebackType | None) -> Iterator[str]:
    for frame in traceback.extract_tb(trace):
        yield f"{frame.filename}:{frame.lineno} {frame.name}"


def _one_line(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Keep whoever chose a logged name from forging a second line or moving the cursor."""
    said = str(event.get("event", ""))
    event["event"] = "".join(
        char if char.isprintable() else char.encode("unicode_escape").decode() for char in said
    )
    return event


def _renderer(as_json: bool, stream: TextIO) -> Processor:  # noqa: FBT001 - of configure_logs
    if as_json:
        return structlog.processors.JSONRenderer(ensure_ascii=True)
    return structlog.dev.ConsoleRenderer(
        colors=stream.isatty(), sort_keys=False, repr_native_str=True
    )


_SAFE: tuple[Processor, ...] = (
    structlog.stdlib.ProcessorFormatter.remove_processors_meta,
    _tell_failure,
    redact,
    _one_line,
)
