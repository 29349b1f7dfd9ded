"""`daybook report`: reports over tracks, generated, listed and downloaded."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from services.cli.client import DEADLINE_S, Access, Metadata, as_account, find_access, run, service_at
from services.cli.downloads import (
    FORMATS,
    OUT_HELP,
    FullOption,
    HeadlessOption,
    check_writable,
    download,
    format_number,
    format_option,
    is_stdout,
)
from services.cli.errors import CommandFailed
from services.cli.options import DataDirOption, HashOption, check_id, check_ids, parse_plugin
from services.cli.output import JsonArray, print_json
from services.cli.report_kinds import list_kinds
from services.cli.report_links import links
from services.cli.report_list import cancel_reports, delete_reports, list_reports, watch_report
from services.cli.report_progress import wait_until_over
from services.cli.tables import output_width

if TYPE_CHECKING:
    from daybook.generation.v1.generation_service_pb2 import GenerateReportRequest, StreamPartsRequest

TrackersOption = Annotated[
    list[int] | None, typer.Option(metavar="ID...", callback=check_ids, help="Trackers to report on.")
]
EmployeesOption = Annotated[
    list[int] | None,
    typer.Option(metavar="ID", callback=check_ids, help="Employees to report on, for plugins by employees."),
]
MoreArgument = Annotated[
    list[int] | None,
    typer.Argument(metavar="ID", callback=check_ids, help="More trackers; employees after --employee alone."),
]
PluginOption = Annotated[
    str, typer.Option(metavar="JSON", help="Kind of report and its options, as `daybook report kinds ID` tells.")
]

reports = typer.Typer()
reports.command("list")(list_reports)
reports.command("watch")(watch_report)
reports.command("cancel")(cancel_reports)
reports.command("delete")(delete_reports)
reports.command("kinds")(list_kinds)
reports.add_typer(links, name="link", help="Links to reports, for readers without an account.")


@reports.command("generate")
def generate_report(  # noqa: PLR0917  # a command line takes them by name
    hash_: HashOption,
    from_: Annotated[
        str,
        typer.Option("--from", metavar="T", help="First moment, such as '2020-10-05 00:00:00', in the account's zone."),
    ],
    to: Annotated[str, typer.Option(metavar="T", help="Last moment, in the same form.")],
    tracker: TrackersOption = None,
    employee: EmployeesOption = None,
    more: MoreArgument = None,
    plugin: PluginOption = '{"plugin_id": 4}',
    title: Annotated[str, typer.Option(help="Title; the plugin's own when left out.")] = "",
    *,
    wait: Annotated[bool, typer.Option("--wait", help="Wait until the report is finished.")] = False,
    format_: Annotated[
        str | None, format_option(FORMATS, "Wait, then write the report to a file in this format.")
    ] = None,
    out: Annotated[Path | None, typer.Option(metavar="FILE", help=OUT_HELP)] = None,
    headless: HeadlessOption = False,
    full: FullOption = False,
    data_dir: DataDirOption = None,
) -> None:
    """Queue a report and print {"report_id": N}.

    For example:
    daybook report generate --tracker 7 --from "2026-01-05 00:00:00" --to "2026-01-11 23:59:59" --format pdf
    """
    if format_ is None and (out is not None or headless or full):
        raise CommandFailed("--out, --headless and --full need --format")
    if format_ is not None:
        check_writable(out)
    from daybook.generation.v1.generation_service_pb2 import GenerateReportRequest

    tracker_ids, employee_ids = entities_of(tracker or [], employee or [], more or [])
    request = GenerateReportRequest(
        period_start=from_,
        period_end=to,
        title=title,
        plugin=parse_plugin(plugin),
        tracker_ids=tracker_ids,
        employee_ids=employee_ids,
    )
    access, caller = find_access(data_dir), as_account(hash_)
    report_id = run(generate(access, caller, request))
    if not is_stdout(out):  # standard output holds the file alone
        print_json({"report_id": report_id})
    sys.stdout.flush()  # a script that waits for the file can read the id already
    if wait or format_:
        run(wait_until_over(access, caller, report_id))
    if format_:
        from daybook.rendering.v1.rendering_service_pb2 import RenderRequest

        wanted = RenderRequest(report_id=report_id, format=format_number(format_), headless=headless, full=full)
        run(download(access, caller, wanted, out))


def entities_of(trackers: list[int], employees: list[int], more: list[int]) -> tuple[list[int], list[int]]:
    """Return the trackers and the employees of a command line.

    Ids without an option are employees when employees alone are named by theirs, else trackers.
    """
    if employees and not trackers:
        return trackers, [*employees, *more]
    return [*trackers, *more], employees


async def generate(access: Access, caller: Metadata, request: GenerateReportRequest) -> int:
    """Queue a report and return its id."""
    from uuid import uuid4

    from daybook.generation.v1.generation_service_pb2_grpc import GenerationServiceStub

    request.request_id = uuid4().hex  # safe to repeat at another replica
    async with service_at(access, "generation") as channel:
        answer = await GenerationServiceStub(channel).GenerateReport(request, metadata=caller, timeout=DEADLINE_S)
    return answer.report_id


@reports.command("download")
def download_report(
    report_ids: Annotated[
        list[int],
        typer.Argument(metavar="ID...", callback=check_ids, help="Report to fetch; several are joined in one file."),
    ],
    hash_: HashOption,
    format_: Annotated[str, format_option(FORMATS, "Format of the file; several reports cannot be JSON.")],
    out: Annotated[Path | None, typer.Option(metavar="FILE", help=OUT_HELP)] = None,
    *,
    headless: HeadlessOption = False,
    full: FullOption = False,
    data_dir: DataDirOption = None,
) -> None:
    """Write a finished report, or several, to a file and print {"file": PATH, "bytes": N}.

    For example:
    daybook report download 3 --format xlsx --out trips.xlsx
    """
    check_writable(out)
    access = find_access(data_dir)
    from daybook.rendering.v1.rendering_service_pb2 import RenderRequest

    request = RenderRequest(
        report_id=report_ids[0],
        more_report_ids=report_ids[1:],
        format=format_number(format_),
        headless=headless,
        full=full,
    )
    made = run(download(access, as_account(hash_), request, out))
    if not is_stdout(out):
        print_json({"file": str(made.file), "bytes": made.size})


@reports.command("show")
def show_report(  # a command line takes them by name
    report_id: Annotated[int, typer.Argument(metavar="ID", callback=check_id, help="Finished report to show.")],
    hash_: HashOption,
    sheet: Annotated[int | None, typer.Option(metavar="N", min=0, help="Only this sheet, counted from 0.")] = None,
    row: Annotated[int | None, typer.Option(metavar="N", min=0, help="Only parts from this row on, from 0.")] = None,
    rows: Annotated[int, typer.Option(metavar="N", min=1, help="With --row: so many rows.")] = 1,
    *,
    as_json: Annotated[bool, typer.Option("--json", help="Print a JSON array of the parts.")] = False,
    data_dir: DataDirOption = None,
) -> None:
    """Print a stored report part by part: its outline and its rows."""
    access = find_access(data_dir)
    from services.cli.report_show import request_for

    request = request_for(report_id, sheet, None if row is None else (row, rows))
    run(_show(access, as_account(hash_), request, as_json=as_json))


async def _show(access: Access, caller: Metadata, request: StreamPartsRequest, *, as_json: bool) -> None:
    from services.cli.report_show import part_json, part_lines, stream_parts

    found = stream_parts(access, caller, request)
    if as_json:
        with JsonArray() as array:
            async for stored, part in found:
                array.add(part_json(stored, part))
        return
    width = output_width()
    async for stored, part in found:
        for line in part_lines(stored, part, width):
            print(line)
