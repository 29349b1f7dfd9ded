"""Reading back what was stored: every list to its end, and every report in every format."""

import asyncio
import time
from collections.abc import Collection
from typing import Any

import grpc
from daybook.input.v1.input_service_pb2 import ListResponse
from daybook.rendering.v1.rendering_service_pb2 import FORMAT_CSV, FORMAT_PDF, FORMAT_XLSX, Format
from daybook.report.v1.report_pb2 import STATE_CANCELLED, STATE_FAILED, STATE_FINISHED
from daybook.savedreport.v1.time_report_pb2 import Source, TimeReportType, WorkspaceSource
from google.protobuf.message import Message

from tests.fuzz.ledger import Violation
from tests.fuzz.rpc_request import Call, Wires
from tests.fuzz.world import World
from tests.rpcs import Metadata, Outcome, contracts, rpcs_of

MADE_WITHIN_S = 120
SOME = 8  # reports and saved reports that are rendered, the latest
MOST_PAGES = 1000
ENDED = {STATE_FINISHED, STATE_CANCELLED}  # some calls cancel reports
FLEET = ("trackers", "vehicles", "employees", "assignments")
OFFICE = ("members", "clients", "projects", "project_tasks", "tags", "groups", "time_entries")
BY_PARAMETERS = {"INVALID_PARAMETERS", "PERIOD_NOT_SUPPORTED", "START_DATE_MISSING", "REPORT_TOO_BIG", "OWNER_GONE"}
RPCS = {one.short: one for one in rpcs_of(contracts())}


async def read_back(wires: Wires, world: World, token: str) -> list[Violation]:
    """Read everything back and return what could not be."""
    reader = Reader(wires, (("authorization", f"Bearer {token}"),), (("authorization", f"NVX {world.client.hash}"),))
    await reader.people()
    await reader.workspaces()
    await reader.tracker_reports()
    return reader.violations


class Reader:
    """Reads as an operator and as the owner of the fleet."""

    def __init__(self, wires: Wires, operator: Metadata, owner: Metadata) -> None:
        self._wires = wires
        self._operator = operator
        self._owner = owner
        self.violations: list[Violation] = []

    async def people(self) -> None:
        """Read accounts and the fleets of those that have some."""
        users = await self._pages("AccountService/ListUsers")
        for user in users[:SOME]:
            for kind in FLEET:
                await self._pages("InputService/List", kind=kind, owner_login=user.login)

    async def workspaces(self) -> None:
        """Read workspaces with all that is in them, and make files of them and of what was saved in them."""
        found = await self._pages("InputService/List", kind="workspaces")
        for workspace in [*found[:1], *found[-SOME:]]:
            here = {"workspace_id": workspace.id}
            for kind in OFFICE:
                await self._pages("InputService/List", kind=kind, **here)
            saved = await self._pages("SavedReportService/ListSavedReports", **here)
            for one in saved[-SOME:]:
                await self._time_files(Source(token=one.token), BY_PARAMETERS)
            for kind in (TimeReportType.TIME_REPORT_TYPE_DETAILED, TimeReportType.TIME_REPORT_TYPE_SUMMARY):
                source = Source(workspace=WorkspaceSource(workspace_id=workspace.id, report_type=kind))
                source.params.update({"start_date": "2026-01-01", "end_date": "2026-12-31", "enrich_response": True})
                await self._time_files(source, set())

    async def tracker_reports(self) -> None:
        """Wait until all reports are made, and make files of the latest in every format."""
        ends = time.monotonic() + MADE_WITHIN_S
        reports = await self._pages("GenerationService/ListReports")
        while any(one.state not in {*ENDED, STATE_FAILED} for one in reports) and time.monotonic() < ends:
            await asyncio.sleep(0.5)
            reports = await self._pages("GenerationService/ListReports")
        for one in reports:
            if one.state not in ENDED:
                self._wrong("GenerationService/GenerateReport", f"report is not made: {one.failure}", str(one))
        for one in [each for each in reports if each.state == STATE_FINISHED][:SOME]:
            for format_ in Format.values()[1:]:
                await self._read("RenderingService/Render", self._owner, report_id=one.id, format=format_)

    async def _time_files(self, source: Source, allowed: Collection[str]) -> None:
        await self._read("SavedReportService/RunReport", self._operator, allowed, source=source)
        for format_ in (FORMAT_CSV, FORMAT_XLSX, FORMAT_PDF):
            await self._read("RenderingService/Render", self._operator, allowed, time_report=source, format=format_)

    async def _pages(self, name: str, **fields: Any) -> list[Any]:
        """Return all that a list holds; reports are listed by their owner, everything else by an operator."""
        metadata = self._owner if name == "GenerationService/ListReports" else self._operator
        found: list[Any] = []
        token = ""
        for _ in range(MOST_PAGES):
            outcome = await self._read(name, metadata, page_size=1000, page_token=token, **fields)
            if outcome.code is not grpc.StatusCode.OK:
                return found
            page: Any = outcome.answers[0]
            found.extend(_listed(page))
            token = page.next_page_token
            if not token:
                return found
        self._wrong(name, "pages do not end", str(fields))
        return found

    async def _read(self, name: str, metadata: Metadata, allowed: Collection[str] = (), **fields: Any) -> Outcome:
        rpc = RPCS[name]
        call = Call(rpc, [rpc.request(**fields)], metadata)
        try:
            outcome = await self._wires.send(call)
        except TimeoutError:
            outcome = Outcome(grpc.StatusCode.DEADLINE_EXCEEDED)
        if outcome.code is not grpc.StatusCode.OK and outcome.reason not in allowed:
            said = " ".join(str(outcome.details).split())[:300]
            self._wrong(
                name, f"cannot be read back: {outcome.code.name} {outcome.reason} {said}", call.grpcurl("ADDRESS")
            )
        return outcome

    def _wrong(self, name: str, what: str, command: str) -> None:
        self.violations.append(Violation(name, what, command[:5000]))


def _listed(page: Message) -> list[Any]:
    if isinstance(page, ListResponse):
        page = getattr(page.batch, page.batch.WhichOneof("records"))
    return [one for field, value in page.ListFields() if field.is_repeated for one in value]
