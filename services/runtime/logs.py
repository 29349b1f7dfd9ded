"""JSON log lines on standard error, each with the id of the request that it belongs to."""

import json
import logging
import re
import secrets
import sys
import time
from collections.abc import Mapping
from contextlib import suppress
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any

import orjson

from services.runtime.log_repeats import Line, Repeats
from services.runtime.shown_text import escaped_json, shown

REQUEST_ID_KEY = "x-request-id"
REQUEST_ID = re.compile(r"[A-Za-z0-9._:-]{1,64}")
SECRET = re.compile(r"[0-9a-fA-F]{32,}")  # a hash where a login belongs: a client's mistake

request_id: ContextVar[str] = ContextVar("request_id", default="")

audit_log = logging.getLogger("daybook.audit")

WHOLE = ("exc_info", "stack_info")  # fields that are not cut
CHATTY = ("fontTools", "pymongo")  # libraries that log how they do their work
STANDARD = frozenset({*vars(logging.makeLogRecord({})), "message", "asctime", "taskName"})  # attributes of any record


class JsonLines(logging.Handler):
    """Handler that writes a JSON object a line, in one write, naming service and request; times are UTC.

    A warning or an error that repeats is written once a second, then with `repeated`, the number of those held back.
    """

    def __init__(self, service: str) -> None:
        super().__init__()
        self._service = service
        self._out = sys.stderr.buffer
        self._repeats = Repeats()

    def emit(self, record: logging.LogRecord) -> None:
        """Write a record with its extra fields and the traceback of its error."""
        fields = {name: value for name, value in vars(record).items() if name not in STANDARD}
        if record.exc_info:
            fields["exc_info"] = logging.Formatter().formatException(record.exc_info)
        if record.stack_info:
            fields["stack_info"] = record.stack_info
        try:
            message = record.getMessage()
        except (TypeError, ValueError):  # arguments of a library that do not fit its text
            message = f"{record.msg} {record.args}"
        line = Line(record.created, (record.levelname, record.name, message, fields))
        for last in self._repeats.over(record.created):
            level, name, text, more = last.content
            self.write(level, name, text, {**more, "repeated": last.held_back}, record.created)
        if record.levelno < logging.WARNING or self._repeats.is_new(repr(line.content), line):
            self.write(*line.content, record.created)

    def write(self, level: str, logger: str, message: str, fields: Mapping[str, Any], created: float) -> None:
        """Write a line; `created` is in seconds since the epoch."""
        line = {
            "level": level,
            "logger": logger,
            "message": message,
            "request_id": request_id.get(),
            "service": self._service,
            **{name: _shown(name, value) for name, value in fields.items()},
            "time": datetime.fromtimestamp(created, UTC),
        }
        try:
            text = orjson.dumps(line, str, orjson.OPT_NON_STR_KEYS).decode()
        except TypeError:  # a text that is no Unicode, which a client may send
            text = json.dumps(line, default=str)
        with suppress(OSError, ValueError):  # standard error is gone: no reason to stop working
            self._out.write(escaped_json(text).encode() + b"\n")
            self._out.flush()


def _shown(name: str, value: Any) -> Any:
    """Return a field as it is logged: texts may be of any client, but for tracebacks."""
    return shown(value) if isinstance(value, str) and name not in WHOLE else value


def configure(service: str, level: str = "INFO") -> None:
    """Send all logs to standard error as JSON lines."""
    logging.basicConfig(level=level, handlers=[JsonLines(service)], force=True)
    for chatty in CHATTY:
        logging.getLogger(chatty).setLevel(logging.WARNING)


def log_event(logger: logging.Logger, message: str, fields: Mapping[str, Any]) -> None:
    """Log at INFO as `logger.info` does with extra fields, without the cost of a record where only JSON lines are kept.

    It is for the lines that every request writes.
    """
    if not logger.isEnabledFor(logging.INFO):
        return
    handlers = logging.getLogger().handlers
    if len(handlers) == 1 and isinstance(handlers[0], JsonLines):
        handlers[0].write("INFO", logger.name, message, fields, time.time())
    else:
        logger.info(message, extra=fields)


def accept_request_id(offered: str | None) -> str:
    """Take over the request id that a caller offers when it is short, plain and no hash; else make one. Return it."""
    fit = offered and REQUEST_ID.fullmatch(offered) and not SECRET.search(offered)
    chosen = offered if fit and offered else secrets.token_hex(8)
    request_id.set(chosen)
    return chosen


def audit(action: str, outcome: str, **facts: object) -> None:
    """Log who did what with which outcome. Never pass a password; what looks like a hash is masked."""
    shown = {name: SECRET.sub("***", value) if isinstance(value, str) else value for name, value in facts.items()}
    audit_log.info(action, extra={"action": action, "outcome": outcome, **shown})
