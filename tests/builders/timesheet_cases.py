"""Cases of timesheets as a workspace: the files of `tests/cases/time`, each name of a file a record."""

import csv
from dataclasses import dataclass
from pathlib import Path

from daybook.input.v1.workspace_pb2 import Client, Member, Project, ProjectTask

from services.generation.timetracking.directory import Directory
from tests.builders.time_entries import EntryRow, directory, entry, member
from tests.fakes.time_entries import MemoryTimeEntries

FOLDER = Path(__file__).parents[1] / "cases/time"


@dataclass(frozen=True, slots=True)
class TimesheetCase:
    """Workspace that a file was imported into."""

    known: Directory
    stored: MemoryTimeEntries


def timesheet_case(name: str) -> TimesheetCase:
    """Return the workspace of a file; ids are in the order in which the file names its records, its clocks UTC."""
    with (FOLDER / name).open(encoding="utf-8-sig") as file:
        lines = list(csv.DictReader(file))
    members: dict[str, Member] = {}
    clients: dict[str, Client] = {}
    projects: dict[tuple[int, str], Project] = {}
    tasks: dict[tuple[int, str], ProjectTask] = {}
    rows: list[EntryRow] = []
    for number, line in enumerate(lines, 1):
        user = members.setdefault(line["Email"], member(10 + len(members), line["User"], line["Email"]))
        client = clients.setdefault(line["Client"], Client(id=20 + len(clients), name=line["Client"]))
        client_id = client.id if client.name else 0
        new = Project(id=30 + len(projects), name=line["Project"], client_id=client_id, color="#0b83d9")
        project = projects.setdefault((client_id, new.name), new)
        task = ProjectTask(id=40 + len(tasks), name=line["Task"], project_id=project.id)
        task = tasks.setdefault((project.id, task.name), task)
        hours, minutes, seconds = map(int, line["Duration"].split(":"))
        rows.append(
            entry(
                id=number,
                user=user.user_id,
                start=f"{line['Start date']}T{line['Start time']}Z",
                seconds=(hours * 60 + minutes) * 60 + seconds,
                project=project.id,
                task=task.id if task.name else None,
                description=line["Description"],
                billable=line["Billable"] == "Yes",
            )
        )
    known = directory(
        members=members.values(),
        clients=[one for one in clients.values() if one.name],
        projects=projects.values(),
        tasks=[one for one in tasks.values() if one.name],
        tags=(),
    )
    return TimesheetCase(known, MemoryTimeEntries.of(*rows, run_length=1000))
