"""`daybook saved`: saved reports over tracked time."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from services.cli.account_times import local_text, zone_of
from services.cli.client import DEADLINE_S, Access, Metadata, as_account, find_access, run, service_at, without_account
from services.cli.downloads import (
    OUT_HELP,
    FullOption,
    check_writable,
    download,
    format_number,
    format_option,
    is_stdout,
    opened,
)
from services.cli.options import CallerOption, DataDirOption, as_struct, parse_object
from services.cli.output import plain, print_json
from services.cli.saved_changes import EXAMPLE, WorkspaceOption, remove_saved, set_saved, show_saved
from services.cli.saved_tokens import renew_tokens
from services.cli.tables import Column, Kind, print_table

if TYPE_CHECKING:
    from datetime import tzinfo

    from daybook.savedreport.v1.saved_report_pb2 import SavedReport, SavedReportChange
    from daybook.savedreport.v1.saved_report_service_pb2 import ListSavedReportsRequest, ListSavedReportsResponse
    from daybook.savedreport.v1.time_report_pb2 import Source
    from grpc.aio import UnaryUnaryCall

RUN_FORMATS = (JSON := "json", "csv", "xlsx", "pdf")

COLUMNS = (
    Column("ID", Kind.NUMBER),
    Column("Name"),
    Column("Token", Kind.WHOLE),
    Column("Type", Kind.WHOLE),
    Column("Public", drop_order=4),
    Column("Fixed dates", drop_order=2),
    Column("Last day", Kind.WHOLE, drop_order=3),
    Column("Updated", Kind.WHOLE, drop_order=1),
)

saved = typer.Typer()
saved.command("show")(show_saved)
saved.command("set")(set_saved)
saved.command("remove")(remove_saved)
saved.command("renew-tokens")(renew_tokens)


@saved.command("add")
def add_saved(  # a command line takes them by name
    workspace: WorkspaceOption,
    owner: Annotated[str, typer.Option(help="Login of the member who shall own the report.")],
    name: Annotated[str, typer.Option(help="Its name, 1 to 255 characters.")],
    params: Annotated[
        str, typer.Option(metavar="JSON", help="Its parameters as in the public API; report_type is needed.")
    ],
    *,
    public: Annotated[bool, typer.Option("--public", help="Every holder of the token may run it.")] = False,
    fixed_dates: Annotated[
        bool, typer.Option("--fixed-dates", help="Those who run it cannot choose other dates.")
    ] = False,
    show_emails: Annotated[
        bool, typer.Option("--show-emails", help="Show e-mail addresses to all who run it, not to members only.")
    ] = False,
    expires: Annotated[str, typer.Option(metavar="DATE", help="Last day it can be run, YYYY-MM-DD.")] = "",
    data_dir: DataDirOption = None,
) -> None:
    r"""Save a report and print {"token": "32 hex", "id": N}.

    For example:
    daybook saved add --workspace Agency --owner ann@example.com --name January \
        --params '{"report_type": "summary", "start_date": "2026-01-01", "end_date": "2026-01-31"}'
    """
    from daybook.savedreport.v1.saved_report_pb2 import SavedReportChange

    change = SavedReportChange(
        name=name,
        public=public,
        fixed_daterange=fixed_dates,
        show_emails=show_emails,
        params=as_struct("--params", parse_object("--params", params, EXAMPLE)),
        expire_date=expires or None,
    )
    made = run(create(find_access(data_dir), workspace, owner, change))
    print_json({"token": made.token, "id": made.id})


async def create(access: Access, workspace: str, owner: str, change: SavedReportChange) -> SavedReport:
    """Save a report of a member and return it."""
    from daybook.savedreport.v1.saved_report_service_pb2 import CreateSavedReportRequest
    from daybook.savedreport.v1.saved_report_service_pb2_grpc import SavedReportServiceStub

    from services.cli.records import workspace_of

    async with service_at(access, "generation") as channel:
        found = await workspace_of(channel, access, workspace, owner)
        request = CreateSavedReportRequest(workspace_id=found.id, report=change, owner_login=owner)
        stub = SavedReportServiceStub(channel)
        answer = await stub.CreateSavedReport(request, metadata=access.as_operator(), timeout=DEADLINE_S)
    return answer.report


@saved.command("list")
def list_saved(
    workspace: WorkspaceOption,
    owner: Annotated[str, typer.Option(help="Login of the account that owns the workspace.")],
    *,
    as_json: Annotated[bool, typer.Option("--json", help="Print a JSON array.")] = False,
    data_dir: DataDirOption = None,
) -> None:
    """List the saved reports of a workspace by id, with their tokens."""
    access = find_access(data_dir)
    found = run(fetch_all(access, workspace, owner))
    if as_json:
        print_json([plain(report) for report in found])
        return
    zone = run(zone_of(access, owner, access.as_operator()))
    print_table(COLUMNS, [_row_of(report, zone) for report in found])


def _row_of(report: SavedReport, zone: tzinfo) -> tuple[object, ...]:
    kind = plain(report)["params"].get("report_type")
    marks = ("yes" if mark else "no" for mark in (report.public, report.fixed_daterange))
    return report.id, report.name, report.token, kind, *marks, report.expire_date, local_text(report.update_time, zone)


async def fetch_all(access: Access, workspace: str, owner: str) -> list[SavedReport]:
    """Return the saved reports of a workspace by id."""
    from daybook.savedreport.v1.saved_report_service_pb2 import ListSavedReportsRequest
    from daybook.savedreport.v1.saved_report_service_pb2_grpc import SavedReportServiceStub

    from services.cli.records import PAGE_SIZE, pages, workspace_of

    async with service_at(access, "generation") as channel:
        found = await workspace_of(channel, access, workspace, owner)
        stub = SavedReportServiceStub(channel)

        def ask(token: str) -> UnaryUnaryCall[ListSavedReportsRequest, ListSavedReportsResponse]:
            request = ListSavedReportsRequest(workspace_id=found.id, page_size=PAGE_SIZE, page_token=token)
            return stub.ListSavedReports(request, metadata=access.as_operator(), timeout=DEADLINE_S)

        return [report async for page in pages(ask) for report in page.reports]


@saved.command("run")
def run_saved(  # a command line takes them by name
    token: Annotated[str, typer.Argument(metavar="TOKEN", help="Token of the report, 32 hex digits.")],
    format_: Annotated[str, format_option(RUN_FORMATS, "Format; json is printed unless --out names a file.")] = JSON,
    out: Annotated[Path | None, typer.Option(metavar="FILE", help=OUT_HELP)] = None,
    params: Annotated[
        str, typer.Option(metavar="JSON", help="Parameters over the saved ones; null takes a saved one away.")
    ] = "{}",
    hash_: CallerOption = "",
    *,
    full: FullOption = False,
    data_dir: DataDirOption = None,
) -> None:
    """Run a saved report; print its JSON, or write a file and print {"file": PATH, "bytes": N}.

    The JSON is that of the public API: the report's rows and totals under detailed_results, summary_results or
    weekly_results. A public report needs neither --hash nor an operator's token.
    """
    sent = parse_object("--params", params, "{}")
    check_writable(out)
    access = find_access(data_dir)
    from daybook.rendering.v1.rendering_service_pb2 import RenderRequest
    from daybook.savedreport.v1.time_report_pb2 import Source

    from services.cli.saved_runs import run_report

    source = Source(token=token, params=as_struct("--params", sent))
    caller = _caller(access, hash_)
    if format_ != JSON:
        request = RenderRequest(time_report=source, format=format_number(format_), full=full)
        made = run(download(access, caller, request, out))
        if not is_stdout(made.file):
            print_json({"file": str(made.file), "bytes": made.size})
    elif out is None or is_stdout(out):
        print_json(run(run_report(access, caller, source)))
    else:
        print_json({"file": str(out), "bytes": _write_json(access, caller, source, out)})


def _caller(access: Access, hash_: str) -> Metadata:
    """Return the credentials of the call: an account's, the operator's where they are known, else none."""
    if hash_:
        return as_account(hash_)
    return access.as_operator() if access.token else without_account()


def _write_json(access: Access, caller: Metadata, source: Source, out: Path) -> int:
    """Write the JSON of a report to a file and return its size in bytes."""
    from services.cli.saved_runs import run_report

    content = json.dumps(run(run_report(access, caller, source)), ensure_ascii=False).encode()
    with opened(out) as file:
        file.write(content)
    return len(content)
