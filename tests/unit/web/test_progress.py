"""Progress of reports: one watch of generation for all streams of a caller, also when generation goes away."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing
from dataclasses import dataclass, field
from types import SimpleNamespace

import grpc
import pytest
from daybook.generation.v1.generation_service_pb2 import WatchReportResponse
from daybook.report.v1.report_pb2 import Report, State
from grpc.aio import AioRpcError, Metadata

from gateway.clients import Caller
from gateway.web import progress
from gateway.web.progress import Event, ProgressHub

QUEUED, RUNNING = State.STATE_QUEUED, State.STATE_RUNNING
ANNA, BOB = Caller("NVX a"), Caller("NVX b")


@dataclass
class FakeServices:
    """Services whose WatchReport gives what is put into `steps`; an exception ends the call."""

    steps: "asyncio.Queue[Report | Exception]" = field(default_factory=asyncio.Queue)
    taken: asyncio.Event = field(default_factory=asyncio.Event)
    calls: int = 0
    generation = SimpleNamespace(WatchReport=None)

    async def stream(self, *_: object) -> AsyncIterator[WatchReportResponse]:
        self.calls += 1
        while True:
            step = await self.steps.get()
            self.taken.set()
            if isinstance(step, Exception):
                raise step
            yield WatchReportResponse(report=step)


def failure(code: grpc.StatusCode) -> AioRpcError:
    return AioRpcError(code, Metadata(), Metadata())


async def all_of(hub: ProgressHub, services: FakeServices, caller: Caller = ANNA) -> list[Event]:
    async with aclosing(hub.follow(services, caller, 5)) as events:
        return [event async for event in events if event is not None]


async def test_many_streams_share_one_watch_and_end_with_the_report():
    hub, services = ProgressHub(), FakeServices()
    streams = [asyncio.create_task(all_of(hub, services)) for _ in range(100)]
    await services.steps.put(Report(state=RUNNING, percent=40))
    await services.taken.wait()
    await services.steps.put(Report(state=State.STATE_FINISHED, percent=100))
    found = await asyncio.gather(*streams)

    assert 1 == services.calls
    assert {"done"} == {events[-1].name for events in found}
    assert {} == hub._watches


async def test_each_caller_has_a_watch_of_its_own_which_generation_checks():
    hub, services = ProgressHub(), FakeServices()
    both = [asyncio.create_task(all_of(hub, services, caller)) for caller in (ANNA, BOB)]
    for _ in both:
        await services.steps.put(Report(state=State.STATE_FINISHED))
    await asyncio.gather(*both)

    assert 2 == services.calls


@pytest.mark.parametrize("fault", [failure(grpc.StatusCode.UNAVAILABLE), ZeroDivisionError()])
async def test_a_generation_that_goes_away_is_told_and_asked_again(monkeypatch, fault):
    monkeypatch.setattr(progress, "AGAIN_S", 0)
    hub, services = ProgressHub(), FakeServices()
    for step in (fault, Report(state=State.STATE_FINISHED)):
        await services.steps.put(step)
    found = await all_of(hub, services)

    assert "done" == found[-1].name
    assert 2 == services.calls


@pytest.mark.parametrize(
    ("report", "event"),
    [
        (Report(state=QUEUED), Event("progress", {"percent": 0, "state": "queued"})),
        (Report(state=RUNNING, percent=7), Event("progress", {"percent": 7, "state": "running"})),
        (Report(state=State.STATE_FINISHED, percent=100), Event("done", {"percent": 100, "state": "finished"}, True)),
        (Report(state=State.STATE_FAILED, failure="x"), Event("failed", {"reason": "x", "state": "failed"}, True)),
        (Report(state=State.STATE_CANCELLED), Event("failed", {"reason": "", "state": "cancelled"}, True)),
    ],
)
def test_an_event_tells_the_state(report, event):
    assert event == progress.event_of(report)


async def test_streams_end_when_the_gateway_stops():
    hub, services = ProgressHub(), FakeServices()
    stream = asyncio.create_task(all_of(hub, services))
    await services.steps.put(Report(state=RUNNING))
    await services.taken.wait()
    hub.close()

    assert Event("lost", {}, is_last=True) == (await stream)[-1]


async def test_a_quiet_stream_is_kept_alive(monkeypatch):
    monkeypatch.setattr(progress, "SILENCE_S", 0)
    hub, services = ProgressHub(), FakeServices()
    async with aclosing(hub.follow(services, ANNA, 5)) as events:
        assert await anext(events) is None
