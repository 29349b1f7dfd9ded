"""Spans of what MongoDB is asked: which command on which collection, never its documents."""

from typing import Any

from pymongo.monitoring import CommandFailedEvent, CommandListener, CommandStartedEvent, CommandSucceededEvent

from services.runtime import tracing
from services.runtime.tracing import OpenSpan

MOST_OPEN = 1_000


class CommandSpans(CommandListener):
    """Makes a span of each command inside of another span; what loops ask by themselves has none.

    The driver does not tell the end of a command that was cancelled; it has no span, and is forgotten after a while.
    """

    def __init__(self) -> None:
        self._open: dict[int, OpenSpan] = {}  # by the driver's number of the command

    def started(self, event: CommandStartedEvent) -> None:
        """Begin the command's span."""
        collection = _collection(event.command, event.command_name)
        name = f"{event.command_name} {collection}".strip()
        attributes = {
            "db.system.name": "mongodb",
            "db.namespace": event.database_name,
            "db.operation.name": event.command_name,
            "db.collection.name": collection,
        }
        span = tracing.child(name, attributes)
        if span is not None:
            if len(self._open) >= MOST_OPEN:
                del self._open[next(iter(self._open))]
            self._open[event.request_id] = span

    def succeeded(self, event: CommandSucceededEvent) -> None:
        """End it."""
        span = self._open.pop(event.request_id, None)
        if span is not None:
            span.end()

    def failed(self, event: CommandFailedEvent) -> None:
        """End it as failed."""
        span = self._open.pop(event.request_id, None)
        if span is not None:
            span.fail(f"code {event.failure.get('code', 'none')}")
            span.end()


def _collection(command: Any, name: str) -> str:
    said = command.get("collection", command.get(name))
    return said if isinstance(said, str) else ""
