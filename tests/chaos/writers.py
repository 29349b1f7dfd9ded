"""Clients that bring data in, and those who run saved reports meanwhile."""

import asyncio
import random
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from itertools import count

from daybook.input.v1.input_service_pb2 import Batch, TimeEntryList, UpsertRequest
from daybook.input.v1.input_service_pb2_grpc import InputServiceStub
from daybook.input.v1.points_pb2 import Points
from daybook.input.v1.workspace_pb2 import TimeEntry

from tests.chaos.answers import OPERATOR_WITHIN_S, Caller
from tests.chaos.ledger import Ledger
from tests.chaos.seed_data import FIRST_ENTRY_S, Operator, SeedData, entry
from tests.chaos.timeouts import until_told

PAUSE_S = 0.2
BATCH = 4
POINTS = 20
FIRST_POINT_MS = 1_767_603_600_000
ROUND_MS = 86_400_000 // 4


@dataclass(frozen=True, slots=True)
class Writer:
    """An operator who writes until told to stop. Everything sent and acknowledged goes into the ledger."""

    caller: Caller
    ledger: Ledger
    operator: Operator
    seed_data: SeedData
    number: int  # of the round

    async def import_entries(self, stop: asyncio.Event) -> None:
        """Import entries under keys of their own, each batch again until it is acknowledged; every other streamed."""
        for number in count():
            if stop.is_set():
                return
            keys = [f"{self.number}-{number}-{place}" for place in range(2 * BATCH)]
            entries = [entry(self.seed_data.user_id, FIRST_ENTRY_S + self.number, key, key) for key in keys]
            self.ledger.imported.sent.update(keys)
            if await until_told(partial(self._put, entries, streamed=number % 2 == 1), stop):
                self.ledger.imported.acknowledged.update(keys)
            await asyncio.sleep(PAUSE_S)

    async def create_entries(self, stop: asyncio.Event) -> None:
        """Create entries without keys, each tried once: a repeat would be another entry."""
        for number in count():
            if stop.is_set():
                return
            name = f"plain {self.number}-{number}"
            self.ledger.plain.sent.add(name)
            if await self._put([entry(self.seed_data.user_id, FIRST_ENTRY_S + self.number, name)], streamed=False):
                self.ledger.plain.acknowledged.add(name)
            await asyncio.sleep(PAUSE_S)

    async def write_points(self, stop: asyncio.Event) -> None:
        """Write points, each batch again until it is acknowledged."""
        for number in count():
            if stop.is_set():
                return
            first = FIRST_POINT_MS + self.number * ROUND_MS + number * POINTS * 1000
            moments = range(first, first + POINTS * 1000, 1000)
            self.ledger.points.sent.update(moments)
            points = points_at(moments)
            points.tracker_id = self.seed_data.tracker_id
            asked = UpsertRequest(batch=Batch(points=points))
            if await until_told(partial(self._write, asked), stop):
                self.ledger.points.acknowledged.update(moments)
            await asyncio.sleep(PAUSE_S)

    async def _write(self, asked: UpsertRequest) -> bool:
        stub = InputServiceStub(self.operator.channel)
        call = stub.Upsert(iter([asked]), metadata=self.operator.metadata, timeout=OPERATOR_WITHIN_S)
        return (await self.caller.operator("points", call)).is_ok

    async def _put(self, entries: Sequence[TimeEntry], *, streamed: bool) -> bool:
        middle = len(entries) // 2 if streamed else 0
        batches = [some for some in (entries[:middle], entries[middle:]) if some]
        requests = (
            UpsertRequest(workspace_id=self.seed_data.workspace_id, batch=Batch(time_entries=TimeEntryList(items=some)))
            for some in batches
        )
        stub, metadata = InputServiceStub(self.operator.channel), self.operator.metadata
        call = stub.Upsert(requests, metadata=metadata, timeout=OPERATOR_WITHIN_S)
        return (await self.caller.operator("import" if streamed else "upsert", call)).is_ok


def points_at(moments: Sequence[int]) -> Points:
    """Return points whose places follow from their moments, in ms."""
    return Points(time_ms=moments, lat=[latitude(one) for one in moments], lng=[37.0] * len(moments))


def latitude(moment_ms: int) -> float:
    """Return where the tracker is at a moment, in degrees."""
    return 55 + moment_ms // 1000 % 10_000 / 100_000


async def run_saved(caller: Caller, ledger: Ledger, seed_data: SeedData, seed: str, stop: asyncio.Event) -> None:
    """Run public saved reports until told to stop, and compare them with the undisturbed ones."""
    chance, paths = random.Random(seed), sorted(seed_data.runs)
    while not stop.is_set():
        path = chance.choice(paths)
        answer = await caller.saved(path)
        ledger.runs += answer.is_ok
        if answer.is_ok and answer.body != seed_data.runs[path]:
            ledger.strange.append(f"saved report {path[32:] or 'JSON'} differs from the undisturbed one")
        await asyncio.sleep(PAUSE_S)
