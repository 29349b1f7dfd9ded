"""`daybook report list|watch|cancel|delete`: reports of an account, and those of all accounts for operators."""

from __future__ import annotations

from datetime import UTC
from typing import TYPE_CHECKING, Annotated
from zoneinfo import ZoneInfo

import typer

from services.cli.client import DEADLINE_S, Access, Metadata, as_caller, find_access, run, service_at
from services.cli.errors import CommandFailed
from services.cli.options import CallerOption, DataDirOption, check_ids
from services.cli.output import new_table, output, print_json
from services.runtime.shown_text import shown

if TYPE_CHECKING:
    from daybook.generation.v1.generation_service_pb2 import ListReportsRequest
    from daybook.report.v1.report_pb2 import Report
    from google.protobuf.timestamp_pb2 import Timestamp

STATES = ("queued", "running", "finished", "failed", "cancelled")  # those of the contract, which takes long to load

MOMENTS = ("create_time", "start_time", "finish_time", "expire_time", "from_time", "to_time")
COLUMNS = {
    "id": "id",
    "user_id": "user",
    "title": "title",
    "state": "state",
    "percent": "percent",
    "create_time": "created",
    "from_time": "from",
    "to_time": "to",
    "plugin_id": "plugin",
    "tracker_ids": "trackers",
    "employee_ids": "employees",
}

ReportsArgument = Annotated[list[int], typer.Argument(metavar="ID...", callback=check_ids, help="Reports.")]


def _check_states(words: list[str] | None) -> list[str] | None:
    wrong = next((word for word in words or () if word not in STATES), None)
    if wrong is not None:
        raise typer.BadParameter(f"{wrong!r} is not one of {', '.join(map(repr, STATES))}.")
    return words


def list_reports(
    hash_: CallerOption = "",
    *,
    all_: Annotated[bool, typer.Option("--all", help="As an operator: reports of all accounts.")] = False,
    owner: Annotated[str, typer.Option(metavar="LOGIN", help="As an operator: only those of this user.")] = "",
    state: Annotated[
        list[str] | None,
        typer.Option(metavar=f"[{'|'.join(STATES)}]", callback=_check_states, help="Only those in this state."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print a JSON array.")] = False,
    data_dir: DataDirOption = None,
) -> None:
    """List the account's reports, newest first; with --all or --owner those that an operator sees."""
    as_operator = all_ or bool(owner)
    if not as_operator and not hash_:
        raise CommandFailed("give --hash, or --all as an operator")
    access = find_access(data_dir)
    caller = access.as_operator() if as_operator else as_caller(access, hash_)
    from daybook.generation.v1.generation_service_pb2 import ListReportsRequest
    from daybook.report.v1.report_pb2 import State

    states = [State.Value(f"STATE_{word.upper()}") for word in state or ()]
    request = ListReportsRequest(page_size=1000, states=states, owner_login=owner)
    found = run(_fetch_all(access, caller, request))
    if as_json:
        print_json([_facts(report) for report in found])
        return
    table = new_table(*COLUMNS.values())
    for report in found:
        facts = _facts(report, blank=" ")
        table.add_row(*(_text_of(facts[name]) for name in COLUMNS))
    output().print(table)


def watch_report(
    report_id: Annotated[int, typer.Argument(metavar="ID", help="Report to follow to its end.")],
    hash_: CallerOption = "",
    *,
    as_json: Annotated[bool, typer.Option("--json", help="Print the report as JSON at its end.")] = False,
    data_dir: DataDirOption = None,
) -> None:
    """Follow a report until it is over; exit code 1 unless it is finished."""
    from services.cli.reports import wait_until_over

    access = find_access(data_dir)
    report = run(wait_until_over(access, as_caller(access, hash_), report_id))
    if as_json:
        print_json(_facts(report))
    else:
        typer.echo(f"report {report_id} is finished")


def cancel_reports(
    report_ids: ReportsArgument,
    hash_: CallerOption = "",
    *,
    as_json: Annotated[bool, typer.Option("--json", help="Print a JSON array of the reports.")] = False,
    data_dir: DataDirOption = None,
) -> None:
    """Stop reports that are queued or running; those that are over stay as they are."""
    access = find_access(data_dir)
    found = run(_cancel(access, as_caller(access, hash_), report_ids))
    if as_json:
        print_json([_facts(report) for report in found])
        return
    for report in found:
        typer.echo(f"report {report.id} is {_facts(report)['state']}")


def delete_reports(
    report_ids: ReportsArgument,
    hash_: CallerOption = "",
    *,
    as_json: Annotated[bool, typer.Option("--json", help="Print a JSON array of the ids.")] = False,
    data_dir: DataDirOption = None,
) -> None:
    """Delete reports; those that are queued or running are stopped."""
    access = find_access(data_dir)
    run(_delete(access, as_caller(access, hash_), report_ids))
    if as_json:
        print_json(report_ids)
        return
    for report_id in report_ids:
        typer.echo(f"report {report_id} is deleted")


async def _cancel(access: Access, caller: Metadata, report_ids: list[int]) -> list[Report]:
    from daybook.generation.v1.generation_service_pb2 import CancelReportRequest
    from daybook.generation.v1.generation_service_pb2_grpc import GenerationServiceStub

    async with service_at(access, "generation") as channel:
        stub, found = GenerationServiceStub(channel), []
        for report_id in report_ids:
            request = CancelReportRequest(report_id=report_id)
            found.append((await stub.CancelReport(request, metadata=caller, timeout=DEADLINE_S)).report)
    return found


async def _delete(access: Access, caller: Metadata, report_ids: list[int]) -> None:
    from daybook.generation.v1.generation_service_pb2 import DeleteReportRequest
    from daybook.generation.v1.generation_service_pb2_grpc import GenerationServiceStub

    async with service_at(access, "generation") as channel:
        stub = GenerationServiceStub(channel)
        for report_id in report_ids:
            await stub.DeleteReport(DeleteReportRequest(report_id=report_id), metadata=caller, timeout=DEADLINE_S)


async def _fetch_all(access: Access, caller: Metadata, request: ListReportsRequest) -> list[Report]:
    from daybook.generation.v1.generation_service_pb2_grpc import GenerationServiceStub

    found: list[Report] = []
    async with service_at(access, "generation") as channel:
        stub = GenerationServiceStub(channel)
        while True:
            page = await stub.ListReports(request, metadata=caller, timeout=DEADLINE_S)
            found.extend(page.reports)
            if not page.next_page_token:
                return found
            request.page_token = page.next_page_token


def _facts(report: Report, *, blank: str = "T") -> dict[str, object]:
    """Return facts of a report by their names in the contract; moments in the report's zone, with offset for machines.

    A moment that has not come yet is null.
    """
    from daybook.report.v1.report_pb2 import State

    zone = ZoneInfo(report.locale_info.time_zone or "UTC")

    known = {field.name for field, _ in report.ListFields()}

    def moment(name: str) -> str | None:
        if name not in known:
            return None
        value: Timestamp = getattr(report, name)
        local = value.ToDatetime(UTC).astimezone(zone)
        return (local.replace(tzinfo=None) if blank == " " else local).isoformat(blank, "seconds")

    return {
        "id": report.id,
        "user_id": report.user_id,
        "title": report.title,
        "state": State.Name(report.state).removeprefix("STATE_").lower(),
        "percent": report.percent,
        **{name: moment(name) for name in MOMENTS},
        "plugin_id": report.plugin.id,
        "tracker_ids": list(report.tracker_ids),
        "employee_ids": list(report.employee_ids),
        "failure": report.failure,
    }


def _text_of(value: object) -> str:
    return " ".join(str(item) for item in value) if isinstance(value, list) else shown(value)
