"""JSON logs on standard error, each line with the id of the request it belongs to."""

import logging
import re
import secrets
import sys
from contextvars import ContextVar

from pythonjsonlogger.orjson import OrjsonFormatter

REQUEST_ID_KEY = "x-request-id"
MAX_REQUEST_ID_LENGTH = 64
SECRET = re.compile(r"[0-9a-fA-F]{32,}")  # a hash where a login belongs: a client's mistake

request_id: ContextVar[str] = ContextVar("request_id", default="")

audit_log = logging.getLogger("daybook.audit")

CHATTY = ("fontTools", "pymongo")  # libraries that tell how they do their work


class _RequestId(logging.Filter):
    """Adds the request id of the task to each line."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.request_id = request_id.get()
        return True


def configure(service: str, level: str = "INFO") -> None:
    """Send all logs to standard error as JSON lines that name the service and the request; times are UTC."""
    handler = logging.StreamHandler(sys.stderr)
    handler.addFilter(_RequestId())
    handler.setFormatter(
        OrjsonFormatter(
            "%(levelname)s %(name)s %(message)s %(request_id)s",
            rename_fields={"levelname": "level", "name": "logger"},
            static_fields={"service": service},
            timestamp="time",
        )
    )
    logging.basicConfig(level=level, handlers=[handler], force=True)
    for chatty in CHATTY:
        logging.getLogger(chatty).setLevel(logging.WARNING)


def accept_request_id(offered: str | None) -> str:
    """Take over the id that a caller offers when it is short plain text, else make one; remember it for this task."""
    fit = offered and len(offered) <= MAX_REQUEST_ID_LENGTH and offered.isascii() and offered.isprintable()
    chosen = offered if fit and offered else secrets.token_hex(8)
    request_id.set(chosen)
    return chosen


def audit(action: str, outcome: str, **what: object) -> None:
    """Leave an audit line: who did what with which outcome. Never pass a password; what looks like a hash is masked."""
    shown = {name: SECRET.sub("***", one) if isinstance(one, str) else one for name, one in what.items()}
    audit_log.info(action, extra={"action": action, "outcome": outcome, **shown})
