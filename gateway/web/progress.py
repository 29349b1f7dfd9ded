"""Progress of reports: one watch of generation for each caller and report, however many streams show it."""

import asyncio
import logging
from collections.abc import AsyncGenerator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import NamedTuple

from daybook.generation.v1.generation_service_pb2 import WatchReportRequest
from daybook.report.v1.report_pb2 import Report, State
from grpc.aio import AioRpcError

from gateway.clients import Caller, Services
from gateway.errors import Code, public_error
from services.runtime.errors import failure_of

log = logging.getLogger("daybook.gateway")

SILENCE_S = 15.0  # after which a comment keeps the connection alive
AGAIN_S = 2.0
LOST = "lost"
OVER = {Code.NOT_FOUND, Code.WRONG_HASH, Code.SESSION_ENDED, Code.NOT_PERMITTED}
STATES = {state: State.Name(state).removeprefix("STATE_").lower() for state in State.values()}


class Event(NamedTuple):
    """Event of a stream: its name and what it says. Behind a last event nothing comes."""

    name: str
    data: dict[str, object]
    is_last: bool = False


Key = tuple[str | None, int]


@dataclass(slots=True)
class Watch:
    """Latest event of a report, and the streams that wait for the next one."""

    event: Event | None = None
    changed: asyncio.Event = field(default_factory=asyncio.Event)
    streams: int = 0
    task: asyncio.Task[None] | None = None

    def tell(self, event: Event) -> None:
        """Wake all streams with an event."""
        self.event = event
        waiting, self.changed = self.changed, asyncio.Event()
        waiting.set()


class ProgressHub:
    """Watches of reports by caller and id; each ends with its last stream."""

    def __init__(self) -> None:
        self._watches: dict[Key, Watch] = {}

    async def follow(self, services: Services, caller: Caller, report_id: int) -> AsyncGenerator[Event | None, None]:
        """Yield the events of a report from its present state on, and None when nothing changed for a while."""
        with self._joined(services, caller, report_id) as watch:
            told: Event | None = None
            while told is None or not told.is_last:
                changed = watch.changed
                if watch.event is None or watch.event is told:
                    try:
                        await asyncio.wait_for(changed.wait(), SILENCE_S)
                    except TimeoutError:
                        yield None
                        continue
                told = watch.event
                yield told

    def close(self) -> None:
        """End all streams, whose browsers come back to another process."""
        for watch in self._watches.values():
            watch.tell(Event(LOST, {}, is_last=True))

    @contextmanager
    def _joined(self, services: Services, caller: Caller, report_id: int) -> Iterator[Watch]:
        key = caller.authorization, report_id
        watch = self._watches.setdefault(key, Watch())
        watch.streams += 1
        if watch.task is None:
            watch.task = asyncio.create_task(_watch(services, caller, report_id, watch))
        try:
            yield watch
        finally:
            watch.streams -= 1
            if not watch.streams:
                watch.task.cancel()
                self._watches.pop(key, None)


async def _watch(services: Services, caller: Caller, report_id: int, watch: Watch) -> None:
    """Publish the events of a report until it is over; while generation is away, publish that it is and try again."""
    while True:
        try:
            async for message in services.stream(
                services.generation.WatchReport, WatchReportRequest(report_id=report_id), caller
            ):
                event = event_of(message.report)
                watch.tell(event)
                if event.is_last:
                    return
        except AioRpcError as error:
            code = public_error(failure_of(error)).code
            if code in OVER:
                watch.tell(Event("gone", {}, is_last=True))
                return
            if watch.event is None or watch.event.name != LOST:
                log.info("progress is not told", extra={"status": error.code().name})
            watch.tell(Event(LOST, {}))
        except Exception:
            log.exception("progress cannot be told")  # or its streams would wait for ever
            watch.tell(Event(LOST, {}))
        await asyncio.sleep(AGAIN_S)


def event_of(report: Report) -> Event:
    """Return the event that tells the state of a report."""
    word = STATES[report.state]
    match report.state:
        case State.STATE_FINISHED:
            return Event("done", {"percent": report.percent, "state": word}, is_last=True)
        case State.STATE_FAILED | State.STATE_CANCELLED:
            return Event("failed", {"reason": report.failure, "state": word}, is_last=True)
        case _:
            return Event("progress", {"percent": report.percent, "state": word})
