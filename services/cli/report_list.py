"""`daybook report list|watch|cancel|delete`: reports of an account, and those of all accounts for operators."""

from __future__ import annotations

from datetime import UTC, time
from typing import TYPE_CHECKING, Annotated

import typer

from services.cli.account_times import zone_named
from services.cli.client import DEADLINE_S, Access, Metadata, as_caller, find_access, run, service_at
from services.cli.errors import CommandFailed
from services.cli.options import CallerOption, DataDirOption, check_ids
from services.cli.output import print_json
from services.cli.report_progress import wait_until_over
from services.cli.tables import AT_LAST, Column, Kind, print_table

if TYPE_CHECKING:
    from datetime import datetime, tzinfo

    from daybook.generation.v1.generation_service_pb2 import ListReportsRequest
    from daybook.report.v1.report_pb2 import Report
    from google.protobuf.timestamp_pb2 import Timestamp

STATES = ("queued", "running", "finished", "failed", "cancelled")  # those of the contract, which takes long to load

EN_DASH = " \N{EN DASH} "
LAST_SECOND = time(23, 59, 59)
COLUMNS = (
    Column("ID", Kind.NUMBER),
    Column("Title"),
    Column("Period", Kind.WHOLE),
    Column("Zone", Kind.WHOLE, drop_order=AT_LAST),
    Column("State", Kind.WHOLE),
    Column("Percent", Kind.NUMBER, drop_order=1),
    Column("Created", Kind.WHOLE, drop_order=2),
    Column("Plugin", Kind.NUMBER, drop_order=5),
    Column("Trackers", Kind.PROSE, drop_order=4),
    Column("Employees", Kind.PROSE, drop_order=3),
    Column("User", Kind.NUMBER, drop_order=6),  # only for operators, who see reports of many
)
COLUMNS_OF_ONE = COLUMNS[:-1]

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
    print_table(COLUMNS if as_operator else COLUMNS_OF_ONE, [_row_of(report, of_many=as_operator) for report in found])


def watch_report(
    report_id: Annotated[int, typer.Argument(metavar="ID", help="Report to follow to its end.")],
    hash_: CallerOption = "",
    *,
    as_json: Annotated[bool, typer.Option("--json", help="Print the report as JSON at its end.")] = False,
    data_dir: DataDirOption = None,
) -> None:
    """Follow a report until it is over; exit code 1 unless it is finished."""
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


def _facts(report: Report) -> dict[str, object]:
    """Return the facts of a report for machines; moments in the report's zone, with the offset."""
    from daybook.report.v1.report_pb2 import State

    zone = zone_named(report.locale_info.time_zone)
    names = [field.name for field in report.DESCRIPTOR.fields if field.name.endswith("_time")]
    moments = {
        field.name: _local(value, zone).isoformat() for field, value in report.ListFields() if field.name in names
    }
    return {
        "id": report.id,
        "user_id": report.user_id,
        "title": report.title,
        "state": State.Name(report.state).removeprefix("STATE_").lower(),
        "percent": report.percent,
        "failure": report.failure,
        **{name: moments.get(name) for name in names},
        "plugin_id": report.plugin.id,
        "tracker_ids": list(report.tracker_ids),
        "employee_ids": list(report.employee_ids),
    }


def _row_of(report: Report, *, of_many: bool) -> tuple[object, ...]:
    facts = _facts(report)
    zone = zone_named(report.locale_info.time_zone)
    created = _local(report.create_time, zone).replace(tzinfo=None)
    period = period_text(_local(report.from_time, zone), _local(report.to_time, zone))
    entities = (" ".join(map(str, ids)) for ids in (report.tracker_ids, report.employee_ids))
    asked = (report.id, report.title, period, report.locale_info.time_zone, facts["state"], report.percent)
    more = (created.isoformat(" ", "seconds"), report.plugin.id, *entities)
    return (*asked, *more, report.user_id) if of_many else (*asked, *more)


def _local(moment: Timestamp, zone: tzinfo) -> datetime:
    return moment.ToDatetime(UTC).replace(microsecond=0).astimezone(zone)


def period_text(start: datetime, end: datetime) -> str:
    """Return a period as it was asked for: its days when these are whole, else its seconds; the same day once."""
    is_whole, is_one = (start.time(), end.time()) == (time.min, LAST_SECOND), start.date() == end.date()
    ends = ["" if is_one else end.date().isoformat(), "" if is_whole else end.time().isoformat("seconds")]
    begin = start.date().isoformat() if is_whole else start.replace(tzinfo=None).isoformat(" ", "seconds")
    return EN_DASH.join(filter(None, (begin, " ".join(filter(None, ends)))))
