"""Rendering between accounts: slow readers and long queues of one hold back no other."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator
from typing import Any

import grpc
from daybook.generation.v1.generation_service_pb2 import (
    ReportHead,
    StreamedPart,
    StreamPartsRequest,
    StreamPartsResponse,
)
from daybook.rendering.v1 import rendering_service_pb2 as contract
from daybook.rendering.v1.rendering_service_pb2_grpc import RenderingServiceStub

from services.runtime.channel import authorization_of, call_metadata
from services.runtime.errors import failure_of
from services.runtime.metrics import PLACES_TAKEN, PLACES_WAITING
from tests.builders.parts import streamed
from tests.builders.sheets import huge_trips_report, trips_report
from tests.fakes.generation_service import FakeGeneration
from tests.integration.rendering import serving_rendering
from tests.integration.servers import Server, until

ANN, BOB, EVE = "NVX ann", "NVX bob", "NVX eve"
SLOW = 8


class Generation(FakeGeneration):
    """Generation whose callers are tenants of their own. Each stream of Eve ends when its event is set."""

    def __init__(self, **prepared: Any) -> None:
        super().__init__(**prepared)
        self.events: dict[str, list[asyncio.Event]] = defaultdict(list)
        self.parts = list(self.parts)
        self.prepared: dict[bool, list[StreamedPart]] = {}  # with public JSON and without

    async def StreamParts(  # noqa: N802  the contract's name
        self, request: StreamPartsRequest, context: grpc.aio.ServicerContext
    ) -> AsyncIterator[StreamPartsResponse]:
        tenant, ended = authorization_of(context) or "", asyncio.Event()
        self.events[tenant].append(ended)
        head = ReportHead()
        head.CopyFrom(self.head)
        head.tenant = tenant
        yield StreamPartsResponse(head=head)
        if request.public_json not in self.prepared:
            self.prepared[request.public_json] = [*streamed(self.parts, public_json=request.public_json)]
        for part in self.prepared[request.public_json]:
            yield StreamPartsResponse(part=part)
        if tenant == EVE and self.pause is not None:
            await ended.wait()


def rendered(server: Server, who: str, chosen: int) -> grpc.aio.UnaryStreamCall:
    ask = contract.RenderRequest(report_id=1, format=chosen)
    return RenderingServiceStub(server.channel).Render(ask, metadata=call_metadata(who), timeout=120)


async def whole(call: grpc.aio.UnaryStreamCall) -> int:
    """Return the size of a file that is read to its end."""
    size = 0
    while (message := await call.read()) is not grpc.aio.EOF:
        size += len(message.chunk)
    return size


async def begun(call: grpc.aio.UnaryStreamCall) -> str:
    """Read the beginning of a file and no more; return why it was refused, if it was."""
    try:
        await call.read()
    except grpc.aio.AioRpcError as error:
        return failure_of(error).reason
    return ""


async def test_slow_readers_hold_no_place() -> None:
    """Eight take nothing of a file that is too large for memory; another account has its own meanwhile."""
    head, parts = huge_trips_report(sheets=1, rows=30_000)
    async with serving_rendering(Generation(head=head, parts=parts), renders_waiting=8) as server:
        slow = [rendered(server, EVE, contract.FORMAT_JSON) for _ in range(SLOW)]
        assert {""} == {*await asyncio.gather(*map(begun, slow))}
        size = await whole(rendered(server, BOB, contract.FORMAT_JSON))
        sizes = await asyncio.gather(*map(whole, slow))

    assert size > 8 * 2**20
    assert {size} == {*sizes}


async def test_an_account_has_no_more_than_its_streams() -> None:
    """Four of Eve's are in the writing, and the others are refused where none may wait; Bob's is written."""
    head, parts = trips_report(sheets=1)
    generation = Generation(head=head, parts=parts, pause=asyncio.Event())
    async with serving_rendering(generation, renders_waiting=0) as server:
        calls = [asyncio.ensure_future(begun(rendered(server, EVE, contract.FORMAT_CSV))) for _ in range(SLOW)]
        await until(lambda: sum(call.done() for call in calls) == 4)
        assert await whole(rendered(server, BOB, contract.FORMAT_CSV))
        for event in generation.events[EVE]:
            event.set()
        reasons = await asyncio.gather(*calls)

    assert (4, 4) == (reasons.count(""), reasons.count("TOO_MANY_REQUESTS"))


async def test_the_next_place_is_for_the_account_without_one() -> None:
    """Of Eve's twenty PDFs two are written, eight wait and ten are refused; Bob's is next when one is done."""
    head, parts = trips_report(sheets=1)
    generation = Generation(head=head, parts=parts, pause=asyncio.Event())
    async with serving_rendering(generation) as server:
        taken, waiting = (metric.labels("files")._value for metric in (PLACES_TAKEN, PLACES_WAITING))
        written = [asyncio.ensure_future(begun(rendered(server, EVE, contract.FORMAT_PDF))) for _ in range(2)]
        await until(lambda: taken.get() == 2)
        others = [asyncio.ensure_future(begun(rendered(server, EVE, contract.FORMAT_PDF))) for _ in range(18)]
        await until(lambda: sum(call.done() for call in others) == 10)
        bob = asyncio.ensure_future(whole(rendered(server, BOB, contract.FORMAT_PDF)))
        await until(lambda: waiting.get() == 9)
        assert not bob.done()

        generation.events[EVE][0].set()  # of one of the two that are written
        assert await bob
        await asyncio.wait(written, return_when=asyncio.FIRST_COMPLETED)
        done = [call for call in (*written, *others) if call.done() and not call.result()]
        for event in generation.events[EVE]:
            event.set()
        reasons = await asyncio.gather(*written, *others)

    assert 1 == len(done)
    assert (10, 10) == (reasons.count(""), reasons.count("TOO_MANY_REQUESTS"))
