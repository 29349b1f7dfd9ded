"""`daybook import timesheet`: an exported CSV file of tracked time into a workspace."""

import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import chain, islice
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import typer
from daybook.input.v1.input_service_pb2 import UpsertRequest
from daybook.input.v1.input_service_pb2_grpc import InputServiceStub
from daybook.input.v1.workspace_pb2 import Workspace
from grpc.aio import Channel

from services.cli.client import Access, find_access, run, service_at
from services.cli.errors import CommandFailed
from services.cli.options import DataDirOption
from services.cli.output import Bar, print_json
from services.cli.records import Owner, Records
from services.cli.storing import BATCHES_PER_CALL, CALL_WITHIN_S
from services.cli.streaming import send
from services.cli.timesheets.csv_form import Form, read_form
from services.cli.timesheets.csv_source import open_csv
from services.cli.timesheets.entries import Maker, batches
from services.cli.timesheets.names import settle
from services.cli.timesheets.problems import Problem, Problems
from services.cli.timesheets.survey import Survey, good_lines
from services.cli.timesheets.workspace_book import WorkspaceBook
from services.cli.workspaces import workspaces_named

SHOWN = 20
SURVEY_SHARE = 0.4  # of the time that an import takes


def check_zone(value: str) -> str:
    """Return an IANA time zone, or "". Raises BadParameter for one that does not exist."""
    try:
        return ZoneInfo(value).key if value else ""
    except (KeyError, ValueError, OSError):
        raise typer.BadParameter(f"{value[:40]!r} is no IANA time zone, such as Europe/Berlin") from None


@dataclass(slots=True)
class Outcome:
    """Result of an import: how many entries are new, how many were there, what else was created."""

    workspace_id: int = 0
    created: int = 0
    unchanged: int = 0
    new: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Import:
    """One import: from which file into which workspace of whom, and the zone of new members, "" for the owner's."""

    file: Path
    workspace: str
    owner: str
    time_zone: str
    problems: Problems = field(default_factory=Problems)


def import_timesheet(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A .csv file.")],
    workspace: Annotated[str, typer.Option(help="Name of the workspace; it is created when its owner has none of it.")],
    owner: Annotated[str, typer.Option(help="Login of the account that owns it.")],
    time_zone: Annotated[
        str,
        typer.Option(
            callback=check_zone, help="IANA time zone of new members, such as Europe/Berlin; the owner's when left out."
        ),
    ] = "",
    *,
    as_json: Annotated[bool, typer.Option("--json", help="Also list the lines that are refused or doubtful.")] = False,
    data_dir: DataDirOption = None,
) -> None:
    """Store the time entries of a Toggl Track CSV file and print what became of them as a JSON object.

    Takes the detailed export (User, Email, Client, Project, Task, Description, Billable, Start date, Start time, End
    date, End time, Duration, Tags, and Amount (CUR) once per currency or not at all) and the newer one of the web
    application (Description, Duration, Member, Email, Project, Tags, Start date, Start time, Stop date, Stop time,
    Client, Billable, Amount, Currency), columns in any order, UTF-8. Members, clients, projects, tasks and tags that
    the workspace lacks are created; what it has is left as it is. A new project gets the hourly rate that explains
    all its amounts, else its entries keep rates of their own. Times are by the clock of the member. Importing a
    file again changes nothing. Lines that cannot be read are named, the rest is stored.
    """
    if not file.is_file():
        raise CommandFailed(f"{file}: no such file")
    wanted = Import(file, workspace, owner, time_zone)
    outcome = run(store(find_access(data_dir), wanted))
    problems = wanted.problems
    _tell(file, problems)
    stored = outcome.created + outcome.unchanged
    if stored or not problems.refused or as_json:
        print_json(_summary(outcome, problems, in_full=as_json))
    if problems.refused and not stored:
        sys.stdout.flush()
        raise CommandFailed(f"{file}: no line can be stored")


async def store(access: Access, wanted: Import) -> Outcome:
    """Store what a file holds. Nothing is created when none of its lines can be read. Raises CommandFailed."""
    async with service_at(access, "generation") as channel:
        with Bar(wanted.file.name, total=1.0) as bar:
            known = await workspaces_named(channel, access, wanted.workspace, wanted.owner)
            form, survey = read_through(wanted, bar)
            if not survey.people and wanted.problems.refused:
                return Outcome()
            chosen = known[0] if known else await _create(channel, access, wanted, survey)
            book = WorkspaceBook(channel, access, chosen)
            names = await settle(book, survey, wanted.time_zone, is_new=not known)
            maker = Maker.of(survey, names, wanted.problems)
            outcome = Outcome(names.workspace_id, new=dict(names.created))
            await _send_all(channel, access, _requests(wanted, form, maker, bar), outcome)
            bar.show(1.0)
    return outcome


def read_through(wanted: Import, bar: Bar) -> tuple[Form, Survey]:
    """Read a file for the first time. Raises CommandFailed when it cannot be read or is no timesheet."""
    with open_csv(wanted.file) as source:
        form = read_form(source.header)
        survey = Survey(has_amounts=form.has_amounts)
        for number, line in enumerate(good_lines(form, source, wanted.problems)):
            survey.take(line, wanted.problems)
            if not number % 1000:
                bar.show(SURVEY_SHARE * source.share_read())
    return form, survey


def _requests(wanted: Import, form: Form, maker: Maker, bar: Bar) -> Iterator[UpsertRequest]:
    """Read a file for the second time; its bad lines are known already."""
    with open_csv(wanted.file) as source:
        entries = (maker.entry(line) for line in good_lines(form, source, Problems()))
        for request in batches(maker.names.workspace_id, entries):
            yield request
            bar.show(SURVEY_SHARE + (1 - SURVEY_SHARE) * source.share_read())


async def _create(channel: Channel, access: Access, wanted: Import, survey: Survey) -> Workspace:
    """Create the workspace; when all amounts are in one currency, it is the workspace's."""
    currency = next(iter(survey.currencies)) if len(survey.currencies) == 1 else ""
    made = Workspace(name=wanted.workspace, owner_login=wanted.owner, currency_code=currency)
    (made.id,) = await Records(channel, access, Owner(wanted.owner)).upsert("workspaces", [made])
    return made


async def _send_all(channel: Channel, access: Access, requests: Iterator[UpsertRequest], outcome: Outcome) -> None:
    """Send all requests, so many in a call, and count the entries. Raises CommandFailed when one is refused."""
    stub = InputServiceStub(channel)
    while first := next(requests, None):
        call = stub.Upsert(metadata=access.as_operator(), timeout=CALL_WITHIN_S)
        answer = await send(call, chain([first], islice(requests, BATCHES_PER_CALL - 1)))
        if answer.refusals:
            raise CommandFailed(f"{answer.refusals[0].field}: {answer.refusals[0].reason}")
        outcome.created += answer.stored_count
        outcome.unchanged += answer.unchanged_count


def _summary(outcome: Outcome, problems: Problems, *, in_full: bool) -> dict[str, object]:
    found: dict[str, object] = {
        "workspace_id": outcome.workspace_id,
        "created": outcome.created,
        "unchanged": outcome.unchanged,
        "refused": problems.refused,
        "new": outcome.new,
    }
    if in_full:
        found["refused_lines"] = [problem._asdict() for problem in problems.bad]
        found["doubtful_lines"] = [problem._asdict() for problem in problems.doubts]
    return found


def _tell(file: Path, problems: Problems) -> None:
    """Name the first lines that were refused or doubtful on standard error."""

    def say(found: list[Problem], count: int, what: str) -> None:
        for problem in found[:SHOWN]:
            print(f"{file}: {problem}", file=sys.stderr)
        if count > SHOWN:
            print(f"{file}: {count} lines {what}, the first {SHOWN} are named above", file=sys.stderr)

    say(problems.bad, problems.refused, "refused")
    say(problems.doubts, problems.doubtful, "doubtful")
