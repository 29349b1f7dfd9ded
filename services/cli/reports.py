"""`daybook report`: reports over tracks, generated, listed and downloaded."""

import asyncio
import json
import sys
import time
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any
from uuid import uuid4

import grpc
import typer
from daybook.generation.v1.generation_service_pb2 import (
    GenerateReportRequest,
    KindEntity,
    KindInfo,
    ListKindsRequest,
    ListReportsRequest,
    StreamPartsRequest,
    WatchReportRequest,
)
from daybook.generation.v1.generation_service_pb2_grpc import GenerationServiceStub
from daybook.rendering.v1.rendering_service_pb2 import RenderRequest
from daybook.report.v1.report_pb2 import STATE_FAILED, STATE_FINISHED, Report, State
from grpc.aio import AioRpcError, Channel
from rich.table import Table

from services.cli.client import (
    DEADLINE_S,
    Access,
    Metadata,
    as_account,
    find_access,
    run,
    service_at,
)
from services.cli.downloads import FORMATS, download, format_number, format_option
from services.cli.errors import CommandFailed
from services.cli.options import DataDirOption, HashOption, check_id, check_ids, parse_plugin
from services.cli.output import Bar, output, plain, print_json
from services.cli.report_show import part_json, part_lines, request_for, stream_parts

WATCH_WITHIN_S = 600.0  # then the stream is opened anew
SILENCE_ALLOWED_S = 60.0  # how long generation may be away before waiting is given up
PAUSE_S = 0.5
PASSING = (grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.DEADLINE_EXCEEDED, grpc.StatusCode.CANCELLED)

reports = typer.Typer()


@reports.command("generate")
def generate_report(  # noqa: PLR0917  # a command line takes them by name
    hash_: HashOption,
    tracker: Annotated[list[int], typer.Option(metavar="ID...", callback=check_ids, help="Trackers to report on.")],
    from_: Annotated[
        str,
        typer.Option("--from", metavar="T", help="First moment, such as '2020-10-05 00:00:00', in the account's zone."),
    ],
    to: Annotated[str, typer.Option(metavar="T", help="Last moment, in the same form.")],
    more: Annotated[list[int] | None, typer.Argument(metavar="ID", callback=check_ids, hidden=True)] = None,
    plugin: Annotated[
        str, typer.Option(metavar="JSON", help="Kind of report and its options, as `daybook report kinds` lists them.")
    ] = '{"plugin_id": 4}',
    title: Annotated[str, typer.Option(help="Title; the plugin's own when left out.")] = "",
    *,
    wait: Annotated[bool, typer.Option("--wait", help="Wait until the report is finished.")] = False,
    format_: Annotated[
        str | None, format_option(FORMATS, "Wait, then write the report in this format to --out.")
    ] = None,
    out: Annotated[Path | None, typer.Option(metavar="FILE", help="File to write.")] = None,
    data_dir: DataDirOption = None,
) -> None:
    """Queue a report and print {"report_id": N}."""
    if (format_ is None) != (out is None):
        raise CommandFailed("--format and --out go together")
    chosen = parse_plugin(plugin)
    request = GenerateReportRequest(
        period_start=from_, period_end=to, title=title, plugin=chosen, tracker_ids=[*tracker, *(more or [])]
    )
    access, caller = find_access(data_dir), as_account(hash_)
    report_id = run(generate(access, caller, request))
    print_json({"report_id": report_id})
    sys.stdout.flush()  # a script that waits for the file can read the id already
    if wait or format_:
        run(wait_until_over(access, caller, report_id))
    if format_ and out:
        run(download(access, caller, RenderRequest(report_id=report_id, format=format_number(format_)), out))


async def generate(access: Access, caller: Metadata, request: GenerateReportRequest) -> int:
    """Queue a report and return its id."""
    request.request_id = uuid4().hex  # safe to repeat at another replica
    async with service_at(access, "generation") as channel:
        answer = await GenerationServiceStub(channel).GenerateReport(request, metadata=caller, timeout=DEADLINE_S)
    return answer.report_id


async def wait_until_over(access: Access, caller: Metadata, report_id: int) -> Report:
    """Follow a report until it is finished, also across restarts of generation. Raises CommandFailed when it failed."""
    with Bar(f"report {report_id}", total=100) as bar:
        async with service_at(access, "generation") as channel:
            report = await _follow(channel, caller, report_id, bar)
    if report.state == STATE_FAILED:
        raise CommandFailed(f"report {report_id} could not be made: {report.failure}")
    return report


async def _follow(channel: Channel, caller: Metadata, report_id: int, bar: Bar) -> Report:
    heard = time.monotonic()
    while True:
        call = GenerationServiceStub(channel).WatchReport(
            WatchReportRequest(report_id=report_id), metadata=caller, timeout=WATCH_WITHIN_S
        )
        try:
            async for message in call:
                heard = time.monotonic()
                bar.show(message.report.percent)
                if message.report.state in {STATE_FINISHED, STATE_FAILED}:
                    return message.report
        except AioRpcError as error:
            if error.code() not in PASSING or time.monotonic() - heard > SILENCE_ALLOWED_S:
                raise
        finally:
            call.cancel()
        await asyncio.sleep(PAUSE_S)


@reports.command("download")
def download_report(
    report_id: Annotated[int, typer.Argument(metavar="ID", callback=check_id, help="Report to fetch.")],
    hash_: HashOption,
    format_: Annotated[str, format_option(FORMATS, "Format of the file.")],
    out: Annotated[Path, typer.Option(metavar="FILE", help="File to write.")],
    data_dir: DataDirOption = None,
) -> None:
    """Write a finished report to a file and print {"file": PATH, "bytes": N}."""
    request = RenderRequest(report_id=report_id, format=format_number(format_))
    size = run(download(find_access(data_dir), as_account(hash_), request, out))
    print_json({"file": str(out), "bytes": size})


@reports.command("show")
def show_report(  # a command line takes them by name
    report_id: Annotated[int, typer.Argument(metavar="ID", callback=check_id, help="Finished report to show.")],
    hash_: HashOption,
    sheet: Annotated[int | None, typer.Option(metavar="N", min=0, help="Only this sheet, counted from 0.")] = None,
    row: Annotated[int | None, typer.Option(metavar="N", min=0, help="Only parts from this row on, from 0.")] = None,
    rows: Annotated[int, typer.Option(metavar="N", min=1, help="With --row: so many rows.")] = 1,
    *,
    as_json: Annotated[bool, typer.Option("--json", help="Print each part as a line of JSON.")] = False,
    data_dir: DataDirOption = None,
) -> None:
    """Print a stored report part by part: its outline and its rows."""
    request = request_for(report_id, sheet, None if row is None else (row, rows))
    run(_show(find_access(data_dir), as_account(hash_), request, as_json=as_json))


async def _show(access: Access, caller: Metadata, request: StreamPartsRequest, *, as_json: bool) -> None:
    async for stored, part in stream_parts(access, caller, request):
        if as_json:
            print_json(part_json(stored, part))
        else:
            for line in part_lines(stored, part):
                typer.echo(line)


@reports.command("kinds")
def list_kinds(
    *,
    locale: Annotated[str, typer.Option(help="Language of titles and descriptions, such as ru or en_US.")] = "en",
    as_json: Annotated[
        bool, typer.Option("--json", help="Print a JSON array, with the JSON Schema of options.")
    ] = False,
    data_dir: DataDirOption = None,
) -> None:
    """List the kinds of reports with their options and defaults."""
    kinds = run(_fetch_kinds(find_access(data_dir), locale))
    if as_json:
        print_json([plain(kind) | {"options_schema": json.loads(kind.options_schema)} for kind in kinds])
        return
    table = Table("id", "title", "group", "about", "option", "value", "meaning")
    for kind in kinds:
        about = KindEntity.Name(kind.entity).removeprefix("KIND_ENTITY_").lower()
        table.add_row(str(kind.id), kind.title, kind.group_title, f"{about}s", style="bold")
        for name, schema in json.loads(kind.options_schema)["properties"].items():
            table.add_row("", "", "", "", name, _values(schema), f"{schema['title']}: {schema['description']}")
    output().print(table)


async def _fetch_kinds(access: Access, locale: str) -> list[KindInfo]:
    found: list[KindInfo] = []
    request = ListKindsRequest(page_size=1000, locale=locale)
    async with service_at(access, "generation") as channel:
        while True:
            page = await GenerationServiceStub(channel).ListKinds(request, timeout=DEADLINE_S)
            found.extend(page.kinds)
            if not page.next_page_token:
                return found
            request.page_token = page.next_page_token


def _values(schema: dict[str, Any]) -> str:
    """Return the type of an option, or its words, with bounds and default."""
    values = "|".join(schema["enum"]) if "enum" in schema else str(schema.get("type", "any"))
    bounds = [str(schema.get(name, "")) for name in ("minimum", "maximum")]
    values += f" {'..'.join(bounds)}" if any(bounds) else ""
    return values + (f", {json.dumps(schema['default'])}" if "default" in schema else "")


@reports.command("list")
def list_reports(
    hash_: HashOption,
    *,
    as_json: Annotated[bool, typer.Option("--json", help="Print a JSON array.")] = False,
    data_dir: DataDirOption = None,
) -> None:
    """List the account's reports, newest first."""
    found = run(_fetch_all(find_access(data_dir), as_account(hash_)))
    if as_json:
        print_json([_facts(report) for report in found])
        return
    table = Table("id", "title", "state", "percent", "created", "from", "to", "plugin", "trackers")
    for report in found:
        table.add_row(*(_shown(value) for value in _facts(report).values()))
    output().print(table)


async def _fetch_all(access: Access, caller: Metadata) -> list[Report]:
    found: list[Report] = []
    request = ListReportsRequest(page_size=1000)
    async with service_at(access, "generation") as channel:
        stub = GenerationServiceStub(channel)
        while True:
            page = await stub.ListReports(request, metadata=caller, timeout=DEADLINE_S)
            found.extend(page.reports)
            if not page.next_page_token:
                return found
            request.page_token = page.next_page_token


def _facts(report: Report) -> dict[str, object]:
    """Return the facts of a report that a list shows; moments in UTC."""

    def moment(name: str) -> str:
        value: datetime = getattr(report, name).ToDatetime()
        return value.isoformat(timespec="seconds") + "Z"

    return {
        "id": report.id,
        "title": report.title,
        "state": State.Name(report.state).removeprefix("STATE_").lower(),
        "percent": report.percent,
        "created": moment("create_time"),
        "from": moment("from_time"),
        "to": moment("to_time"),
        "plugin_id": report.plugin.id,
        "trackers": list(report.tracker_ids),
    }


def _shown(value: object) -> str:
    return " ".join(str(item) for item in value) if isinstance(value, list) else str(value)
