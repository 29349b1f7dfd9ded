"""`daybook schedule`: reports that are made and delivered on the days of a schedule."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from services.cli.account_times import local_text, zone_named
from services.cli.client import DEADLINE_S, Access, Metadata, as_account, find_access, run, service_at
from services.cli.errors import CommandFailed
from services.cli.options import CallerOption, DataDirOption, HashOption, parse_plugin
from services.cli.output import plain, print_json
from services.cli.schedule_changes import (
    change_schedule,
    pause_schedules,
    put_workspace,
    remove_schedules,
    resume_schedules,
    state_of,
    told_secret,
)
from services.cli.schedule_options import TRIPS, ScheduleOptions, with_schedule_options
from services.cli.schedule_runs import list_runs, resolve_delivery, run_schedule
from services.cli.tables import AT_LAST, Column, Kind, print_table

if TYPE_CHECKING:
    from daybook.schedule.v1.schedule_pb2 import Schedule
    from daybook.schedule.v1.schedule_service_pb2 import CreateScheduleResponse

PAGE_SIZE = 1000
COLUMNS = (
    Column("ID", Kind.NUMBER),
    Column("Title"),
    Column("State"),
    Column("Next", Kind.PROSE),
    Column("Last", Kind.WHOLE, drop_order=1),
    Column("Result", drop_order=2),
    Column("Recipients", Kind.PROSE, drop_order=3),
    Column("Trackers", Kind.PROSE, drop_order=AT_LAST),
)
COLUMNS_OF_MANY = (*COLUMNS, Column("User", Kind.NUMBER, drop_order=4))

schedules = typer.Typer()
schedules.command("change")(change_schedule)
schedules.command("pause")(pause_schedules)
schedules.command("resume")(resume_schedules)
schedules.command("remove")(remove_schedules)
schedules.command("runs")(list_runs)
schedules.command("run")(run_schedule)
schedules.command("resolve")(resolve_delivery)


@schedules.command("add")
@with_schedule_options
def add_schedule(
    hash_: HashOption,
    options: ScheduleOptions,
    *,
    off: Annotated[bool, typer.Option("--off", help="Keep the schedule without making its reports.")] = False,
    data_dir: DataDirOption = None,
) -> None:
    """Schedule a report and print {"schedule_id": N}, with a webhook also its "webhook_secret", which is shown once.

    It needs --period, and --weekdays or --month-days. Without --email, --member and --webhook the reports are made, and
    found in the list of reports.

    For example:
    daybook schedule add --tracker 7 --period 1w --weekdays 1 --at 06:00 --email ann@example.com
    """
    from daybook.schedule.v1.schedule_pb2 import Schedule

    schedule = Schedule(enabled=not off)
    named = options.put_into(schedule)
    if "period" not in named:
        raise CommandFailed("give --period, such as 1w")
    if "rule" not in named:
        raise CommandFailed("give --weekdays or --month-days")
    if not schedule.WhichOneof("report"):
        schedule.tracker_report.plugin.CopyFrom(parse_plugin(TRIPS))
    print_json(told_secret(run(_create(find_access(data_dir), as_account(hash_), schedule, options.workspace))))


async def _create(
    access: Access, caller: Metadata, schedule: Schedule, workspace: str | None
) -> CreateScheduleResponse:
    if schedule.HasField("time_report"):
        await put_workspace(access, caller, schedule, workspace)
    return await create(access, caller, schedule)


async def create(access: Access, caller: Metadata, schedule: Schedule) -> CreateScheduleResponse:
    """Create a schedule and return it with the secret of its webhook."""
    from daybook.schedule.v1.schedule_service_pb2 import CreateScheduleRequest
    from daybook.schedule.v1.schedule_service_pb2_grpc import ScheduleServiceStub

    async with service_at(access, "generation") as channel:
        request = CreateScheduleRequest(schedule=schedule)
        return await ScheduleServiceStub(channel).CreateSchedule(request, metadata=caller, timeout=DEADLINE_S)


@schedules.command("list")
def list_schedules(
    hash_: CallerOption = "",
    *,
    all_: Annotated[bool, typer.Option("--all", help="As an operator: schedules of all accounts.")] = False,
    owner: Annotated[str, typer.Option(metavar="LOGIN", help="As an operator: only those of this user.")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print a JSON array.")] = False,
    data_dir: DataDirOption = None,
) -> None:
    """List the schedules of the account by id, with what is due next and what came of the last run.

    With --all or --owner those that an operator sees.
    """
    as_operator = all_ or bool(owner)
    if not as_operator and not hash_:
        raise CommandFailed("give --hash, or --all as an operator")
    access = find_access(data_dir)
    found = run(fetch_all(access, access.as_operator() if as_operator else as_account(hash_), owner))
    if as_json:
        print_json([plain(schedule) for schedule in found])
    elif as_operator:
        print_table(COLUMNS_OF_MANY, ((*_row_of(schedule), schedule.owner_id) for schedule in found))
    else:
        print_table(COLUMNS, map(_row_of, found))


async def fetch_all(access: Access, caller: Metadata, owner_login: str = "") -> list[Schedule]:
    """Return the schedules of an account by id, for an operator those of all or of an owner."""
    from daybook.schedule.v1.schedule_service_pb2 import ListSchedulesRequest
    from daybook.schedule.v1.schedule_service_pb2_grpc import ScheduleServiceStub

    from services.cli.records import pages

    async with service_at(access, "generation") as channel:
        stub = ScheduleServiceStub(channel)

        def ask(token: str) -> Any:
            request = ListSchedulesRequest(page_size=PAGE_SIZE, page_token=token, owner_login=owner_login)
            return stub.ListSchedules(request, metadata=caller, timeout=DEADLINE_S)

        return [schedule async for page in pages(ask) for schedule in page.schedules]


def _row_of(schedule: Schedule) -> tuple[object, ...]:
    is_of_time = schedule.HasField("time_report")
    title = schedule.time_report.name if is_of_time else schedule.tracker_report.title
    named = title or f"plugin {schedule.tracker_report.plugin.id}"
    last = local_text(schedule.fire_time, zone_named(schedule.time_zone))
    receivers = [one.email or f"member {one.user_id}" for one in schedule.recipients]
    receivers += [schedule.webhook.url] if schedule.HasField("webhook") else []
    ids = [*schedule.tracker_report.tracker_ids, *schedule.tracker_report.employee_ids]
    ends = (last, _result_of(schedule), ", ".join(receivers), " ".join(map(str, ids)))
    return schedule.id, named, state_of(schedule), schedule.next_run_text, *ends


def _result_of(schedule: Schedule) -> str:
    if not schedule.HasField("last_result"):
        return ""
    return "done" if schedule.last_result.success else schedule.last_result.error or "failed"
