"""`daybook saved show|set|remove`: one saved report of a workspace at a time, and the end of several."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Annotated, Any

import typer

from services.cli.client import DEADLINE_S, Access, find_access, run, service_at
from services.cli.errors import CommandFailed
from services.cli.options import DataDirOption, as_struct, check_ids, parse_object
from services.cli.output import plain, print_json
from services.cli.record_commands import FACTS, JsonOption, YesOption, cell_text, confirm_deletion
from services.cli.tables import print_table

if TYPE_CHECKING:
    from daybook.savedreport.v1.saved_report_pb2 import SavedReport, SavedReportChange
    from daybook.savedreport.v1.saved_report_service_pb2_grpc import SavedReportServiceStub

EXAMPLE = '{"report_type": "summary", "period": "prevMonth"}'

WorkspaceOption = Annotated[str, typer.Option(help="Name of the workspace.")]
OwnerOption = Annotated[str, typer.Option(help="Login of the account that owns the workspace.")]
IdArgument = Annotated[int, typer.Argument(metavar="ID", help="Saved report.")]
IdsArgument = Annotated[
    list[int], typer.Argument(metavar="ID...", callback=check_ids, help="Saved reports, at most 100.")
]


def show_saved(
    report_id: IdArgument,
    workspace: WorkspaceOption,
    owner: OwnerOption,
    *,
    as_json: JsonOption = False,
    data_dir: DataDirOption = None,
) -> None:
    """Show a saved report of a workspace, with its token."""
    facts = plain(run(get_report(find_access(data_dir), workspace, owner, report_id)))
    if as_json:
        print_json(facts)
        return
    print_table(FACTS, [(name, cell_text(value)) for name, value in facts.items()])


def set_saved(  # a command line takes them by name
    report_id: IdArgument,
    workspace: WorkspaceOption,
    owner: OwnerOption,
    *,
    name: Annotated[str | None, typer.Option(help="Its name, 1 to 255 characters.")] = None,
    params: Annotated[
        str | None, typer.Option(metavar="JSON", help="All its parameters as in the public API; report_type is needed.")
    ] = None,
    public: Annotated[
        bool | None, typer.Option("--public/--private", help="Whether every holder of the token may run it.")
    ] = None,
    fixed_dates: Annotated[
        bool | None, typer.Option("--fixed-dates/--free-dates", help="Whether those who run it cannot choose dates.")
    ] = None,
    show_emails: Annotated[
        bool | None, typer.Option("--show-emails/--hide-emails", help="Whether all see e-mail addresses, or members.")
    ] = None,
    expires: Annotated[
        str | None, typer.Option(metavar="DATE", help='Last day it can be run, YYYY-MM-DD; "" for no end.')
    ] = None,
    data_dir: DataDirOption = None,
) -> None:
    """Change what is named of a saved report, leave the rest as it is, and print it as JSON."""
    from daybook.savedreport.v1.saved_report_pb2 import SavedReportChange

    change = SavedReportChange(
        name=name,
        public=public,
        fixed_daterange=fixed_dates,
        show_emails=show_emails,
        params=None if params is None else as_struct("--params", parse_object("--params", params, EXAMPLE)),
        expire_date=expires,
    )
    if not change.ListFields():
        raise CommandFailed("nothing to change is named: see daybook saved set --help")
    change.id = report_id
    print_json(plain(run(change_report(find_access(data_dir), workspace, owner, change))))


def remove_saved(
    report_ids: IdsArgument,
    workspace: WorkspaceOption,
    owner: OwnerOption,
    *,
    yes: YesOption = False,
    as_json: JsonOption = False,
    data_dir: DataDirOption = None,
) -> None:
    """Delete saved reports, all or none, and print how many. Links with their tokens no longer work."""
    confirm_deletion(f"Delete {len(report_ids)} saved reports of {workspace}?", yes=yes)
    count = run(delete_reports(find_access(data_dir), workspace, owner, report_ids))
    if as_json:
        print_json({"deleted": count})
    else:
        typer.echo(f"deleted {count}")


@asynccontextmanager
async def _workspace(access: Access, name: str, owner: str) -> AsyncIterator[tuple[int, SavedReportServiceStub, Any]]:
    """Give the id of a workspace, the service, and what a call of it needs."""
    from daybook.savedreport.v1.saved_report_service_pb2_grpc import SavedReportServiceStub

    from services.cli.records import workspace_of

    async with service_at(access, "generation") as channel:
        found = await workspace_of(channel, access, name, owner)
        call = {"metadata": access.as_operator(), "timeout": DEADLINE_S}
        yield found.id, SavedReportServiceStub(channel), call


async def get_report(access: Access, workspace: str, owner: str, report_id: int) -> SavedReport:
    """Return a saved report of a workspace."""
    from daybook.savedreport.v1.saved_report_service_pb2 import GetSavedReportRequest

    async with _workspace(access, workspace, owner) as (workspace_id, stub, call):
        request = GetSavedReportRequest(workspace_id=workspace_id, report_id=report_id)
        return (await stub.GetSavedReport(request, **call)).report


async def change_report(access: Access, workspace: str, owner: str, change: SavedReportChange) -> SavedReport:
    """Change a saved report of a workspace and return it."""
    from daybook.savedreport.v1.saved_report_service_pb2 import UpdateSavedReportsRequest

    async with _workspace(access, workspace, owner) as (workspace_id, stub, call):
        request = UpdateSavedReportsRequest(workspace_id=workspace_id, reports=[change])
        return (await stub.UpdateSavedReports(request, **call)).reports[0]


async def delete_reports(access: Access, workspace: str, owner: str, report_ids: Sequence[int]) -> int:
    """Delete saved reports of a workspace, all or none, and return how many."""
    from daybook.savedreport.v1.saved_report_service_pb2 import DeleteSavedReportsRequest

    async with _workspace(access, workspace, owner) as (workspace_id, stub, call):
        request = DeleteSavedReportsRequest(workspace_id=workspace_id, report_ids=report_ids)
        return len((await stub.DeleteSavedReports(request, **call)).reports)
