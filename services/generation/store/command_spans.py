"""Trace spans of MongoDB commands: command and collection, never documents."""

from typing import Any

from pymongo.monitoring import CommandFailedEvent, CommandListener, CommandStartedEvent, CommandSucceededEvent

from services.runtime import tracing
from services.runtime.tracer import OpenSpan

MAX_OPEN = 1_000


class CommandSpans(CommandListener):
    """Opens a span for each command inside another span; commands of background loops have none.

    The driver reports no end of a cancelled command, so its span is never ended and is dropped after a while.
    """

    def __init__(self) -> None:
        self._open: dict[int, OpenSpan] = {}  # by the driver's number of the command

    def started(self, event: CommandStartedEvent) -> None:
        """Open the command's span."""
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
            if len(self._open) >= MAX_OPEN:
                del self._open[next(iter(self._open))]
            self._open[event.request_id] = span

    def succeeded(self, event: CommandSucceededEvent) -> None:
        """End the command's span."""
        span = self._open.pop(event.request_id, None)
        if span is not None:
            span.end()

    def failed(self, event: CommandFailedEvent) -> None:
        """End the command's span as failed."""
        span = self._open.pop(event.request_id, None)
        if span is not None:
            span.fail(f"code {event.failure.get('code', 'none')}")
            span.end()


def _collection(command: Any, name: str) -> str:
    collection = command.get("collection", command.get(name))
    return collection if isinstance(collection, str) else ""
