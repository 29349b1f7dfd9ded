"""The commands around saved reports over a real channel: which workspace is meant, and who calls."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import pytest
from daybook.input.v1.input_service_pb2 import Batch, ListRequest, WorkspaceList
from daybook.input.v1.input_service_pb2_grpc import add_InputServiceServicer_to_server
from daybook.input.v1.workspace_pb2 import Workspace
from daybook.savedreport.v1.saved_report_pb2 import SavedReport, SavedReportChange
from daybook.savedreport.v1.saved_report_service_pb2 import (
    DESCRIPTOR,
    CreateSavedReportRequest,
    CreateSavedReportResponse,
    DeleteSavedReportsRequest,
    DeleteSavedReportsResponse,
    GetSavedReportRequest,
    GetSavedReportResponse,
    ListSavedReportsRequest,
    ListSavedReportsResponse,
    RunReportRequest,
    RunReportResponse,
    UpdateSavedReportsRequest,
    UpdateSavedReportsResponse,
)
from daybook.savedreport.v1.saved_report_service_pb2_grpc import (
    SavedReportServiceServicer,
    add_SavedReportServiceServicer_to_server,
)
from daybook.savedreport.v1.time_report_pb2 import ReportInfo, Source
from grpc.aio import Server, ServicerContext

from services.cli.client import Access
from services.cli.errors import CommandFailed
from services.cli.saved import create, fetch_all
from services.cli.saved_changes import change_report, delete_reports, get_report
from services.cli.saved_runs import run_report
from services.errors import NotFound
from services.errors.workspaces import TokenInvalid
from services.runtime.channel import authorization_of, call_metadata
from tests.integration.servers import serving
from tests.integration.timesheet_office import SERVICE, Office

SAVED = DESCRIPTOR.services_by_name["SavedReportService"].full_name
TOKEN = "0123456789abcdef" * 2


@dataclass
class Shelf(SavedReportServiceServicer):
    """Keeps saved reports, two on a page."""

    reports: list[SavedReport] = field(default_factory=list)
    owners: list[tuple[int, str]] = field(default_factory=list)
    callers: list[str | None] = field(default_factory=list)

    async def CreateSavedReport(  # noqa: N802  the contract's name
        self, request: CreateSavedReportRequest, _: ServicerContext
    ) -> CreateSavedReportResponse:
        self.owners.append((request.workspace_id, request.owner_login))
        self.reports.append(SavedReport(id=len(self.reports) + 1, name=request.report.name, token=TOKEN))
        return CreateSavedReportResponse(report=self.reports[-1])

    async def ListSavedReports(  # noqa: N802  the contract's name
        self, request: ListSavedReportsRequest, _: ServicerContext
    ) -> ListSavedReportsResponse:
        begins = int(request.page_token or 0)
        rest = begins + 2 < len(self.reports)
        page = self.reports[begins : begins + 2]
        return ListSavedReportsResponse(reports=page, next_page_token=str(begins + 2) if rest else "")

    async def GetSavedReport(  # noqa: N802  the contract's name
        self, request: GetSavedReportRequest, _: ServicerContext
    ) -> GetSavedReportResponse:
        return GetSavedReportResponse(report=self._named(request.report_id))

    async def UpdateSavedReports(  # noqa: N802  the contract's name
        self, request: UpdateSavedReportsRequest, _: ServicerContext
    ) -> UpdateSavedReportsResponse:
        for change in request.reports:
            for name in ("name", "expire_date"):
                if change.HasField(name):
                    setattr(self._named(change.id), name, getattr(change, name))
        return UpdateSavedReportsResponse(reports=[self._named(change.id) for change in request.reports])

    async def DeleteSavedReports(  # noqa: N802  the contract's name
        self, request: DeleteSavedReportsRequest, _: ServicerContext
    ) -> DeleteSavedReportsResponse:
        gone = [self._named(id_) for id_ in request.report_ids]
        self.reports = [one for one in self.reports if one not in gone]
        return DeleteSavedReportsResponse(reports=gone)

    def _named(self, id_: int) -> SavedReport:
        found = next((one for one in self.reports if one.id == id_), None)
        if found is None:
            raise NotFound
        return found

    async def RunReport(  # noqa: N802  the contract's name
        self, request: RunReportRequest, context: ServicerContext
    ) -> AsyncIterator[RunReportResponse]:
        self.callers.append(authorization_of(context))
        if request.source.token != TOKEN:
            raise TokenInvalid
        yield RunReportResponse(info=ReportInfo(report_type="TIME_REPORT_TYPE_WEEKLY", report_name="Saved"))


@asynccontextmanager
async def stack(shelf: Shelf, *workspaces: Workspace) -> AsyncIterator[Access]:
    """Give the way to a shelf beside an office with workspaces."""

    def add(server: Server) -> None:
        add_InputServiceServicer_to_server(Desk(list(workspaces)), server)
        add_SavedReportServiceServicer_to_server(shelf, server)

    async with serving(add, SERVICE, SAVED) as running:
        yield Access(running.address, "", "token")


class Desk(Office):
    """Knows whose workspaces are whose."""

    async def List(self, request, context):  # noqa: N802  the contract's name
        found = await super().List(ListRequest(kind="workspaces", page_token=request.page_token), context)
        kept = [one for one in found.batch.workspaces.items if request.owner_login in {"", one.owner_login}]
        batch = Batch(workspaces=WorkspaceList(items=kept))
        return type(found)(batch=batch, next_page_token=found.next_page_token)


def named(id_: int, owner: str, name: str = "Agency") -> Workspace:
    """Return a workspace."""
    return Workspace(id=id_, name=name, owner_login=owner)


async def test_ones_own_workspace_is_meant_first() -> None:
    """Whatever others are called."""
    shelf = Shelf()
    async with stack(shelf, named(1, "bob"), named(2, "ann", "Other"), named(3, "ann")) as access:
        made = await create(access, "Agency", "ann", SavedReportChange(name="Saved"))

    assert (TOKEN, 1, [(3, "ann")]) == (made.token, made.id, shelf.owners)


async def test_a_member_may_own_a_report_in_the_only_workspace_of_the_name() -> None:
    """It is somebody else's."""
    shelf = Shelf()
    async with stack(shelf, named(1, "bob"), named(2, "bob", "Other")) as access:
        await create(access, "Agency", "eve", SavedReportChange(name="Saved"))

    assert [(1, "eve")] == shelf.owners


@pytest.mark.parametrize(
    ("workspaces", "complaint"),
    [([], "there is no workspace 'Agency'"), ([named(1, "bob"), named(2, "eve")], "several workspaces are called")],
)
async def test_a_workspace_that_is_not_clear_is_an_error(workspaces: list[Workspace], complaint: str) -> None:
    """Nothing is saved."""
    async with stack(Shelf(), *workspaces) as access:
        with pytest.raises(CommandFailed, match=complaint):
            await create(access, "Agency", "ann", SavedReportChange(name="Saved"))


async def test_a_list_holds_all_pages() -> None:
    """By id."""
    shelf = Shelf([SavedReport(id=number) for number in range(1, 6)])
    async with stack(shelf, named(1, "ann")) as access:
        assert [1, 2, 3, 4, 5] == [report.id for report in await fetch_all(access, "Agency", "ann")]


async def test_a_change_touches_what_it_names() -> None:
    """An empty day is no end; all else stays."""
    shelf = Shelf([SavedReport(id=1, name="Old", expire_date="2030-01-31"), SavedReport(id=2, name="Other")])
    async with stack(shelf, named(1, "ann")) as access:
        renamed = await change_report(access, "Agency", "ann", SavedReportChange(id=1, name="New"))
        endless = await change_report(access, "Agency", "ann", SavedReportChange(id=1, expire_date=""))
        shown = await get_report(access, "Agency", "ann", 1)

    assert [("New", "2030-01-31"), ("New", "")] == [(one.name, one.expire_date) for one in (renamed, endless)]
    assert endless == shown


async def test_reports_are_deleted_together() -> None:
    """None is, when one of them does not exist."""
    shelf = Shelf([SavedReport(id=number) for number in (1, 2, 3)])
    async with stack(shelf, named(1, "ann")) as access:
        with pytest.raises(CommandFailed, match="Entity not found"):
            await delete_reports(access, "Agency", "ann", [1, 9])
        assert 2 == await delete_reports(access, "Agency", "ann", [1, 3])

    assert [2] == [one.id for one in shelf.reports]


async def test_a_report_is_run_by_whom_it_says() -> None:
    """Without credentials as well; what the service refuses is one line."""
    shelf = Shelf()
    async with stack(shelf) as access:
        for caller in (access.as_operator(), call_metadata(None)):
            report = await run_report(access, caller, Source(token=TOKEN))
            assert "Saved" == report["report_name"]
        with pytest.raises(CommandFailed, match="Invalid token"):
            await run_report(access, call_metadata(None), Source(token="short"))

    assert ["Bearer token", None] == shelf.callers[:2]
