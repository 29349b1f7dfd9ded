"""A workspace's detailed CSV, and the copy of the workspace that importing the CSV makes."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from zoneinfo import ZoneInfo

from daybook.input.v1.workspace_pb2 import TimeEntry as Message

from services.cli.timesheets.csv_form import read_form
from services.cli.timesheets.csv_source import open_csv
from services.cli.timesheets.entries import Maker
from services.cli.timesheets.lines import NO_PROJECT, Line
from services.cli.timesheets.names import Names
from services.cli.timesheets.problems import Problems
from services.cli.timesheets.survey import Survey, good_lines
from services.cli.timesheets.workspace_book import Priced
from services.generation.timetracking.detailed_rows import rows_of
from services.generation.timetracking.directory import Directory
from services.generation.timetracking.preparation import Rounding, prepare
from services.generation.timetracking.totals import TotalsFold
from services.generation.words.time_zones import offsets_s
from services.rendering.formats.csv.data_table import DataTable
from tests.builders.time_entries import EntryRow, changed, days, entries
from tests.unit.generation.timetracking.sheets.reports import asked, made, report

YEAR = days("2026-01-01", "2026-12-31")


@dataclass(frozen=True)
class Copy:
    """Result of an import: entries, and projects with the rates that explain all their amounts."""

    entries: list[EntryRow]
    where: Directory
    import_keys: list[str]


def exported(
    those: Sequence[EntryRow], where: Directory, duration_format: str = "classic", *, quoted: bool = True
) -> bytes:
    """Return the detailed CSV of entries."""
    rows = prepare(entries(*those), where, Rounding(), offsets_s)
    totals = TotalsFold(YEAR, None, amounts=True)
    totals.add(rows)
    run = rows_of(rows, None, 1, offsets_s, where, amounts=True)
    query = asked("detailed", days=YEAR, duration_format=duration_format)
    _, parts = made(report(run, query=query, whole=totals.result(), where=where))
    return b"\xef\xbb\xbf" + b"".join(DataTable(quoted=quoted).pieces(parts))


def imported(file: bytes, where: Directory) -> Copy:
    """Return what a file brings to a workspace that has the same people and names, and no rates."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "time.csv"
        path.write_bytes(file)
        lines, has_amounts = _read(path)
    survey, problems = Survey(has_amounts), Problems()
    for line in lines:
        survey.take(line, problems)
    names = _names(survey, where)
    maker = Maker(names, survey.repeats)
    messages = [maker.entry(line) for line in lines]
    assert not problems.doubtful
    prices = {id_: survey.projects[name].of_project() for name, (id_, _) in names.projects.items() if id_}
    projects = {
        one.id: changed(one, hourly_rate_cents=prices[one.id][0], currency_code=prices[one.id][1])
        for one in where.projects.values()
        if one.id in prices
    }
    return Copy(
        [_entry(message) for message in messages],
        replace(where, projects={**where.projects, **projects}),
        [message.import_key for message in messages],
    )


def shown(file: bytes) -> list[dict[str, str]]:
    """Return the lines of a CSV by its columns, empty cells left out."""
    text = io.StringIO(file.decode("utf-8-sig"), newline="")
    return [{name: cell for name, cell in row.items() if cell} for row in csv.DictReader(text)]


def _read(path: Path) -> tuple[list[Line], bool]:
    problems = Problems()
    with open_csv(path) as source:
        form = read_form(source.header, decimal_comma=source.decimal_comma)
        lines = list(good_lines(form, source, problems))
    assert not problems.refused, problems.bad
    return lines, form.has_amounts


def _names(survey: Survey, where: Directory) -> Names:
    """Return what the names of a file stand for, projects with the prices that new ones get."""
    own = Priced(None, where.workspace.currency_code)
    clients = {one.id: one.name for one in where.clients.values()}
    known = {one.id: (clients.get(one.client_id, ""), one.name) for one in where.projects.values()}
    ids = {name: id_ for id_, name in known.items()}
    projects = {
        name: (ids[name], Priced(*survey.projects[name].of_project()).over(own)) for name in survey.named_projects
    }
    return Names(
        workspace_id=1,
        people={
            (one.email, "" if one.email else one.name): (one.user_id, ZoneInfo(one.time_zone))
            for one in where.members.values()
        },
        projects={**projects, NO_PROJECT: (0, own)},
        tasks={(known[one.project_id], one.name): one.id for one in where.tasks.values()},
        tags={one.name: one.id for one in where.tags.values()},
    )


def _entry(message: Message) -> EntryRow:
    """Return an entry as the store would keep it."""
    return EntryRow(
        id=1,
        user_id=message.user_id,
        start=message.start_time.ToDatetime(UTC),
        seconds=message.seconds,
        project_id=message.project_id or None,
        task_id=message.task_id or None,
        tag_ids=tuple(sorted(message.tag_ids)),
        description=message.description,
        billable=message.billable,
        rate_cents=message.hourly_rate_cents if message.HasField("hourly_rate_cents") else None,
        amount_cents=message.amount_cents if message.HasField("amount_cents") else None,
        currency=message.currency_code or None,
        update_time=datetime(2026, 1, 1, tzinfo=UTC),
    )
