"""`daybook schedule`: reports that are made and delivered on the days of a schedule."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from services.cli.account_times import local_text, zone_named
from services.cli.client import DEADLINE_S, Access, Metadata, as_account, find_access, run, service_at
from services.cli.downloads import format_number
from services.cli.errors import CommandFailed
from services.cli.options import CallerOption, DataDirOption, HashOption, check_ids, parse_plugin
from services.cli.output import plain, print_json
from services.cli.reports import EmployeesOption, PluginOption
from services.cli.schedule_changes import pause_schedules, remove_schedules, resume_schedules, state_of
from services.cli.schedule_runs import list_runs, run_schedule
from services.cli.tables import AT_LAST, Column, Kind, print_table

if TYPE_CHECKING:
    from daybook.schedule.v1.schedule_pb2 import Rule, Schedule
    from daybook.schedule.v1.schedule_service_pb2 import CreateScheduleResponse

FORMATS = ("pdf", "xls", "xlsx", "csv")  # those that schedules take
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
DAYS_HELP = "with commas between, such as 1,15; a day behind the month's end is its last day."


def _check_formats(words: list[str] | None) -> list[str] | None:
    wrong = next((word for word in words or () if word not in FORMATS), None)
    if wrong is not None:
        raise typer.BadParameter(f"{wrong!r} is not one of {', '.join(map(repr, FORMATS))}.")
    return words


schedules = typer.Typer()
schedules.command("pause")(pause_schedules)
schedules.command("resume")(resume_schedules)
schedules.command("remove")(remove_schedules)
schedules.command("runs")(list_runs)
schedules.command("run")(run_schedule)


@schedules.command("add")
def add_schedule(  # noqa: PLR0917  # a command line takes them by name
    hash_: HashOption,
    period: Annotated[
        str,
        typer.Option(help="What a report covers: so many days, weeks, months or years up to the day before, as 1w."),
    ],
    tracker: Annotated[
        list[int] | None, typer.Option(metavar="ID", callback=check_ids, help="Tracker to report on; repeatable.")
    ] = None,
    employee: EmployeesOption = None,
    plugin: PluginOption = '{"plugin_id": 4}',
    title: Annotated[str, typer.Option(help="Title of the reports; the plugin's own when left out.")] = "",
    weekdays: Annotated[
        str, typer.Option(metavar="DAYS", help="Days of the week, 1 for Monday, with commas between, such as 1,5.")
    ] = "",
    month_days: Annotated[str, typer.Option(metavar="DAYS", help=f"Days of the month {DAYS_HELP}")] = "",
    at: Annotated[str, typer.Option(metavar="HH:MM", help="Time of day in the account's zone.")] = "00:00",
    email: Annotated[
        list[str] | None, typer.Option(metavar="ADDRESS", help="Address that gets the report by mail; repeatable.")
    ] = None,
    format_: Annotated[
        list[str] | None,
        typer.Option(
            "--format",
            metavar=f"[{'|'.join(FORMATS)}]",
            callback=_check_formats,
            help="Format of the files, pdf when left out; repeatable.",
        ),
    ] = None,
    webhook: Annotated[str, typer.Option(metavar="URL", help="Address that gets a signed notice of each run.")] = "",
    subject: Annotated[str, typer.Option(help="Subject of the mails; title and period when left out.")] = "",
    message: Annotated[str, typer.Option(help="Text at the top of the mails, at most 2,000 characters.")] = "",
    *,
    zip_: Annotated[bool, typer.Option("--zip", help="Pack the files of a mail.")] = False,
    link: Annotated[bool, typer.Option("--link", help="Mail a link in place of the files.")] = False,
    skip_empty: Annotated[bool, typer.Option("--skip-empty", help="Send nothing when a report has no row.")] = False,
    off: Annotated[bool, typer.Option("--off", help="Keep the schedule without making its reports.")] = False,
    data_dir: DataDirOption = None,
) -> None:
    """Schedule a report and print {"schedule_id": N}, with a webhook also its "webhook_secret", which is shown once.

    Without --email and --webhook the reports are made, and found in the list of reports.

    For example:
    daybook schedule add --tracker 7 --period 1w --weekdays 1 --at 06:00 --email ann@example.com
    """
    if bool(weekdays) == bool(month_days):
        raise CommandFailed("give --weekdays or --month-days")
    from daybook.generation.v1.generation_service_pb2 import GenerateReportRequest
    from daybook.schedule.v1.schedule_pb2 import DeliveryForm, Recipient, Schedule, Webhook

    report = GenerateReportRequest(title=title, plugin=parse_plugin(plugin), tracker_ids=tracker, employee_ids=employee)
    schedule = Schedule(
        enabled=not off,
        tracker_report=report,
        period=period,
        rule=_rule(weekdays, month_days),
        sending_time=at,
        recipients=[Recipient(email=address) for address in email or ()],
        webhook=Webhook(url=webhook) if webhook else None,
        formats=map(format_number, format_ or ()),
        zip=zip_,
        delivery_form=DeliveryForm.DELIVERY_FORM_LINK if link else DeliveryForm.DELIVERY_FORM_FILE,
        subject=subject,
        message=message,
        skip_empty=skip_empty,
    )
    made = run(create(find_access(data_dir), as_account(hash_), schedule))
    secret = {"webhook_secret": made.webhook_secret} if made.webhook_secret else {}
    print_json({"schedule_id": made.schedule.id, **secret})


def _rule(weekdays: str, month_days: str) -> Rule:
    from daybook.schedule.v1.schedule_pb2 import MonthDays, Rule, Weekdays

    if weekdays:
        return Rule(weekdays=Weekdays(days=_days("--weekdays", weekdays, 7)))
    return Rule(month_days=MonthDays(days=_days("--month-days", month_days, 31)))


def _days(option: str, text: str, last: int) -> list[int]:
    """Return the numbers of days in a text. Raises CommandFailed."""
    words = [word.strip() for word in text.split(",")]
    days = [int(word) for word in words if word.isascii() and word.isdecimal() and 1 <= int(word[:9]) <= last]
    if len(days) < len(words):
        raise CommandFailed(f"{option} {text[:40]!r} is not days from 1 to {last} with commas between")
    return days


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
