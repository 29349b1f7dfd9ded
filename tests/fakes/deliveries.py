"""Fakes of delivery: a queue of claims that records what a worker says, and a reader of one prepared report."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from daybook.generation.v1.generation_service_pb2 import ReportHead, StreamedPart
from daybook.report.v1.sheet_pb2 import SheetPart
from daybook.schedule.v1.delivery_service_pb2 import Claim
from daybook.schedule.v1.schedule_pb2 import RunFile

from services.errors import NotNow
from services.rendering.delivery.delivery_queue import ClaimKey, LeaseLost
from services.rendering.delivery.outcome import DeliveryOutcome
from services.rendering.ports import OpenReport, ReportSource
from tests.builders.parts import streamed


@dataclass
class FakeDeliveryQueue:
    """Claims to hand out, and what the worker said of them. Errors to raise stand by call, and by number for starts."""

    claims: list[Claim] = field(default_factory=list)
    started: list[tuple[ClaimKey, int, str]] = field(default_factory=list)
    finished: list[tuple[ClaimKey, int, DeliveryOutcome, Sequence[RunFile]]] = field(default_factory=list)
    extended: int = 0
    asked: int = 0
    refused: int = 0
    refuse_claim: list[Exception] = field(default_factory=list)
    refuse_start: dict[int, Exception] = field(default_factory=dict)
    refuse_finish: list[Exception] = field(default_factory=list)
    refuse_extend: list[Exception] = field(default_factory=list)
    released: list[ClaimKey] = field(default_factory=list)
    _fences: dict[int, int] = field(default_factory=dict)
    _handed_out: dict[int, Claim] = field(default_factory=dict)
    changed: asyncio.Condition = field(default_factory=asyncio.Condition)

    async def claim(self, max_wait_s: float) -> Claim | None:
        self.asked += 1
        await self._tell()
        if self.refuse_claim:
            raise self.refuse_claim.pop(0)
        if not self.claims:
            await asyncio.sleep(max_wait_s)
            return None
        claim = self.claims.pop(0)
        self._fences[claim.run_id] = claim.fence
        self._handed_out[claim.run_id] = claim
        return claim

    async def extend(self, key: ClaimKey) -> None:
        self._require(key)
        self.extended += 1
        await self._tell()
        if self.refuse_extend:
            raise self.refuse_extend.pop(0)

    async def release(self, key: ClaimKey) -> None:
        self._require(key)
        self.released.append(key)
        claim = self._handed_out.get(key.run_id)
        over = {number for held, number, *_ in self.finished if held == key}
        left = [one for one in claim.deliveries if one.number not in over] if claim else []
        if claim is not None and left:
            again = Claim()
            again.CopyFrom(claim)
            again.fence += 1
            del again.deliveries[:]
            again.deliveries.extend(left)
            self.claims.append(again)
        await self._tell()

    async def start(self, key: ClaimKey, number: int, message_id: str) -> None:
        if number in self.refuse_start:
            self.refused += 1
            await self._tell()
            raise self.refuse_start[number]
        self._require(key)
        if (key, number) in {(held, one) for held, one, *_ in self.finished}:
            raise NotNow
        self.started.append((key, number, message_id))
        await self._tell()

    async def finish(self, key: ClaimKey, number: int, outcome: DeliveryOutcome, files: Sequence[RunFile] = ()) -> None:
        if self.refuse_finish:
            raise self.refuse_finish.pop(0)
        self._require(key)
        self.finished.append((key, number, outcome, list(files)))
        await self._tell()

    def _require(self, key: ClaimKey) -> None:
        if self._fences.get(key.run_id, key.fence) != key.fence:
            raise LeaseLost

    def outcomes(self) -> dict[int, DeliveryOutcome]:
        """Return the outcome of each delivery by its number."""
        return {number: outcome for _, number, outcome, _ in self.finished}

    async def until(self, claim: Callable[[], bool]) -> None:
        """Wait until a claim about this queue holds."""
        async with asyncio.timeout(60), self.changed:
            await self.changed.wait_for(claim)

    async def _tell(self) -> None:
        async with self.changed:
            self.changed.notify_all()


class PreparedReport:
    """Reader of one report, which counts how often it is opened and who asked. Errors to raise come first."""

    def __init__(self, head: ReportHead, parts: Iterable[SheetPart]) -> None:
        self._head, self._parts = head, list(streamed(parts, public_json=False))
        self.asked: list[tuple[ReportSource, str | None]] = []
        self.refusals: list[Exception] = []
        self.read = 0

    @asynccontextmanager
    async def open(
        self,
        source: ReportSource,
        authorization: str | None,
        *,
        public_json: bool = False,
        chart_point_limit: int = 0,
    ) -> AsyncIterator[OpenReport]:
        del public_json, chart_point_limit
        self.asked.append((source, authorization))
        if self.refusals:
            raise self.refusals.pop(0)
        yield OpenReport(self._head, self._stream())

    async def _stream(self) -> AsyncGenerator[StreamedPart, None]:
        for part in self._parts:
            self.read += 1
            yield part
