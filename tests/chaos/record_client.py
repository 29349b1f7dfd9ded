"""Client who writes records of every kind of input, deletes some, and looks whether the store knows which."""

import asyncio
from collections import deque
from dataclasses import dataclass, field
from functools import partial
from itertools import count
from typing import Any

from daybook.input.v1.input_service_pb2 import Batch, DeleteRequest, GetRequest, UpsertRequest
from daybook.input.v1.input_service_pb2_grpc import InputServiceStub
from daybook.input.v1.sensors_pb2 import Readings

from services.generation.inputs.input_kind import InputKind
from services.generation.inputs.registry import INPUT_KINDS
from tests.chaos.answers import OPERATOR_WITHIN_S, Caller
from tests.chaos.samples import batch_of, is_in_workspace, sample
from tests.chaos.seed_data import OWNER, Operator, SeedData
from tests.chaos.timeouts import until_told

FIRST_NUMBER = 100_000  # of records, and so many for each round
A_ROUND = 10_000
PAUSE_S = 0.3
LASTING = 40  # records of earlier rounds that are looked for again
DELETED_EACH = 3
READINGS = 10
FIRST_READING_MS = 1_767_603_600_000
KEPT = {"sensors", "members"}  # kinds that others of the round refer to, or that cannot be deleted at all
MISSING = {"ENTITY_NOT_FOUND", "TRACKER_NOT_FOUND", "WORKSPACE_NOT_FOUND"}


@dataclass(slots=True)
class Kept:
    """A record whose write was acknowledged, under its id or its key; `is_gone` once its deletion was."""

    kind: InputKind[Any]
    record: Any
    id: int
    is_deleting: bool = False
    is_gone: bool = False


@dataclass(slots=True)
class RecordClient:
    """An operator with records of every kind. What earlier clients wrote is looked for too."""

    operator: Operator
    seed_data: SeedData
    earlier: deque[Kept] = field(default_factory=lambda: deque(maxlen=LASTING))
    kept: list[Kept] = field(default_factory=list)
    sensor_id: int = 0
    sent: int = 0  # readings of the sensor
    acknowledged: int = 0

    async def work(self, caller: Caller, round_number: int, stop: asyncio.Event) -> None:
        """Write one record after the other, each until it is acknowledged, and delete some, until told to stop."""
        self.earlier.extend(self.kept)
        self.kept, self.sensor_id, self.sent, self.acknowledged = [], 0, 0, 0
        first = FIRST_NUMBER + round_number * A_ROUND
        for number in count():
            kind = INPUT_KINDS[number % len(INPUT_KINDS)]
            fields = self._references()
            record = sample(kind, first + number, fields)
            if not await until_told(partial(self._write, caller, kind, record), stop):
                return
            if kind.name == "sensors" and not self.sensor_id:
                self.sensor_id = self.kept[-1].id
            if self.sensor_id and not await until_told(partial(self._read, caller), stop):
                return
            if number // len(INPUT_KINDS) % DELETED_EACH == 1 and kind.name not in KEPT:
                self.kept[-1].is_deleting = True
                if not await until_told(partial(self._delete, caller, self.kept[-1]), stop):
                    return
            await asyncio.sleep(PAUSE_S)

    def _references(self) -> dict[str, int]:
        lasting = {one.kind.name: one.id for one in self.kept if not one.is_deleting}
        return {
            "tracker_id": self.seed_data.tracker_id,
            "user_id": self.seed_data.user_id,
            **({"project_id": lasting["projects"]} if "projects" in lasting else {}),
        }

    async def _write(self, caller: Caller, kind: InputKind[Any], record: Any) -> bool:
        asked = UpsertRequest(**self._owner(kind), batch=batch_of(kind, record))
        answer = await self._upsert(caller, f"write {kind.name}", asked)
        if not answer.is_ok:
            return False
        if answer.body.refusals:
            raise AssertionError(f"{kind.name}: {answer.body.refusals}")
        self.kept.append(Kept(kind, record, answer.body.ids[0] if kind.id_field else 0))
        return True

    async def _read(self, caller: Caller) -> bool:
        """Write some readings."""
        times = [FIRST_READING_MS + (self.acknowledged + one) * 1000 for one in range(READINGS)]
        readings = Readings(sensor_id=self.sensor_id, time_ms=times, value=[1.0] * READINGS)
        self.sent = self.acknowledged + READINGS
        asked = UpsertRequest(owner_login=OWNER, batch=Batch(readings=readings))
        answer = await self._upsert(caller, "write readings", asked)
        self.acknowledged += READINGS if answer.is_ok else 0
        return answer.is_ok

    async def _upsert(self, caller: Caller, what: str, asked: UpsertRequest) -> Any:
        stub, metadata = InputServiceStub(self.operator.channel), self.operator.metadata
        return await caller.operator(what, stub.Upsert(iter([asked]), metadata=metadata, timeout=OPERATOR_WITHIN_S))

    async def _delete(self, caller: Caller, kept: Kept) -> bool:
        which: dict[str, Any] = {"kind": kept.kind.name, "ids": [kept.id]}
        if not kept.kind.id_field:
            which = {"keys": batch_of(kept.kind, kept.record)}
        asked = DeleteRequest(**self._owner(kept.kind), **which, allow_missing=True)
        stub, metadata = InputServiceStub(self.operator.channel), self.operator.metadata
        call = stub.Delete(asked, metadata=metadata, timeout=OPERATOR_WITHIN_S)
        kept.is_gone = (await caller.operator(f"delete {kept.kind.name}", call, MISSING)).is_ok
        return kept.is_gone

    async def wrong(self, caller: Caller) -> list[str]:
        """Return what the store says otherwise, now that nothing disturbs it."""
        found = [said for one in (*self.earlier, *self.kept) if (said := await self._wrong(caller, one))]
        if self.sensor_id:
            answer = await self._get(
                caller, "sensors", GetRequest(kind="sensors", owner_login=OWNER, id=self.sensor_id)
            )
            stored = sum(one.sample_count for one in answer.recordings) if answer else 0
            if not self.acknowledged <= stored <= self.sent:
                found.append(f"{stored} readings are stored, {self.acknowledged} of {self.sent} were acknowledged")
        return found

    async def _wrong(self, caller: Caller, kept: Kept) -> str:
        if kept.is_deleting and not kept.is_gone:  # nobody was told which
            return ""
        which: dict[str, Any] = {"kind": kept.kind.name, "id": kept.id}
        if not kept.kind.id_field:
            which = {"key": batch_of(kept.kind, kept.record)}
        answer = await self._get(caller, kept.kind.name, GetRequest(**self._owner(kept.kind), **which))
        if (answer is None) == kept.is_gone:
            return ""
        return f"{kept.kind.noun} {kept.id} is {'lost' if answer is None else 'there after it was deleted'}"

    async def _get(self, caller: Caller, kind: str, asked: GetRequest) -> Any:
        stub, metadata = InputServiceStub(self.operator.channel), self.operator.metadata
        call = stub.Get(asked, metadata=metadata, timeout=OPERATOR_WITHIN_S)
        return (await caller.operator(f"get {kind}", call, MISSING)).body

    def _owner(self, kind: InputKind[Any]) -> dict[str, Any]:
        if is_in_workspace(kind):
            return {"workspace_id": self.seed_data.workspace_id}
        return {"owner_login": OWNER}
