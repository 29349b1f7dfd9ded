"""Client who saves reports, renames and deletes some, and looks whether all of them are as they were left."""

import asyncio
from collections import Counter, deque
from dataclasses import dataclass, field
from functools import partial
from itertools import count
from typing import Any

from daybook.savedreport.v1.saved_report_pb2 import SavedReportChange
from daybook.savedreport.v1.saved_report_service_pb2 import (
    CreateSavedReportRequest,
    DeleteSavedReportsRequest,
    GetSavedReportRequest,
    ListSavedReportsRequest,
    UpdateSavedReportsRequest,
)
from daybook.savedreport.v1.saved_report_service_pb2_grpc import SavedReportServiceStub
from google.protobuf.struct_pb2 import Struct

from tests.chaos.answers import OPERATOR_WITHIN_S, Answer, Caller
from tests.chaos.seed_data import OWNER, SAVED, Operator, SeedData
from tests.chaos.timeouts import until_told

PAUSE_S = 0.4
LASTING = 30  # reports of earlier rounds that are looked at again
RENAMED_EACH, DELETED_EACH = 3, 4
MISSING = {"ENTITY_NOT_FOUND"}
PAGE = 1000


@dataclass(slots=True)
class Kept:
    """A saved report whose creation was acknowledged; of several names it has one."""

    id: int
    names: set[str]
    is_deleting: bool = False
    is_gone: bool = False


@dataclass(slots=True)
class SavedReportClient:
    """An operator with saved reports. Those of earlier rounds are looked at too."""

    operator: Operator
    seed_data: SeedData
    earlier: deque[Kept] = field(default_factory=lambda: deque(maxlen=LASTING))
    kept: list[Kept] = field(default_factory=list)
    sent: set[str] = field(default_factory=set)  # names of those that were made, each tried once

    async def work(self, caller: Caller, round_number: int, stop: asyncio.Event) -> None:
        """Save one report after the other until told to stop; changes and deletions again until acknowledged."""
        self.earlier.extend(self.kept)
        self.kept, self.sent = [], set()
        for number in count():
            if stop.is_set():
                return
            made = await self._create(caller, f"saved {round_number}-{number}")
            if made and number % RENAMED_EACH == 1:
                await until_told(partial(self._rename, caller, made), stop)
            if made and number % DELETED_EACH == 2:
                await until_told(partial(self._delete, caller, made), stop)
            await asyncio.sleep(PAUSE_S)

    async def _create(self, caller: Caller, name: str) -> Kept | None:
        params = Struct()
        params.update(SAVED[0])
        self.sent.add(name)
        report = SavedReportChange(name=name, public=True, params=params)
        request = CreateSavedReportRequest(workspace_id=self.seed_data.workspace_id, report=report, owner_login=OWNER)
        answer = await self._call(caller, "CreateSavedReport", request)
        if not answer.is_ok:
            return None
        self.kept.append(Kept(answer.body.report.id, {name}))
        return self.kept[-1]

    async def _rename(self, caller: Caller, kept: Kept) -> bool:
        (name,) = {one.removesuffix(" again") for one in kept.names}
        kept.names.add(f"{name} again")
        change = SavedReportChange(id=kept.id, name=f"{name} again")
        request = UpdateSavedReportsRequest(workspace_id=self.seed_data.workspace_id, reports=[change])
        answer = await self._call(caller, "UpdateSavedReports", request)
        if answer.is_ok:
            kept.names = {f"{name} again"}
        return answer.is_ok

    async def _delete(self, caller: Caller, kept: Kept) -> bool:
        kept.is_deleting = True
        request = DeleteSavedReportsRequest(workspace_id=self.seed_data.workspace_id, report_ids=[kept.id])
        kept.is_gone = (await self._call(caller, "DeleteSavedReports", request, MISSING)).is_ok
        return kept.is_gone

    async def wrong(self, caller: Caller) -> list[str]:
        """Return what is otherwise than it was acknowledged, now that nothing disturbs it."""
        found = [said for one in (*self.earlier, *self.kept) if (said := await self._wrong(caller, one))]
        names = Counter(await self._names(caller))
        doubled = sorted(one for one in self.sent if names[one] + names[f"{one} again"] > 1)
        return [*found, *(f"saved report {one!r} is there twice" for one in doubled)]

    async def _wrong(self, caller: Caller, kept: Kept) -> str:
        if kept.is_deleting and not kept.is_gone:  # nobody was told which
            return ""
        request = GetSavedReportRequest(workspace_id=self.seed_data.workspace_id, report_id=kept.id)
        stored = (await self._call(caller, "GetSavedReport", request, MISSING)).body
        if kept.is_gone:
            return "" if stored is None else f"saved report {kept.id} is there after it was deleted"
        if stored is None:
            return f"saved report {kept.id} is lost"
        name = stored.report.name
        return "" if name in kept.names else f"saved report {kept.id} is called {name!r}, not {sorted(kept.names)}"

    async def _names(self, caller: Caller) -> list[str]:
        found: list[str] = []
        token = ""
        while True:
            request = ListSavedReportsRequest(
                workspace_id=self.seed_data.workspace_id, page_size=PAGE, page_token=token
            )
            answer = await self._call(caller, "ListSavedReports", request)
            if not answer.is_ok:
                return found
            found += [one.name for one in answer.body.reports]
            if not (token := answer.body.next_page_token):
                return found

    async def _call(self, caller: Caller, name: str, request: Any, expected: set[str] | None = None) -> Answer:
        rpc = getattr(SavedReportServiceStub(self.operator.channel), name)
        call = rpc(request, metadata=self.operator.metadata, timeout=OPERATOR_WITHIN_S)
        return await caller.operator(name, call, expected or ())
