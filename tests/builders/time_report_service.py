"""Service of reports over time entries in memory."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any

from daybook.input.v1.workspace_pb2 import Member

from services.generation.accounts.user import User
from services.generation.inputs.clients import CLIENTS
from services.generation.inputs.member_groups import GROUPS
from services.generation.inputs.members import MEMBERS
from services.generation.inputs.project_tasks import PROJECT_TASKS
from services.generation.inputs.projects import PROJECTS
from services.generation.inputs.tags import TAGS
from services.generation.inputs.workspaces import WORKSPACES
from services.generation.timetracking.directory import Directory
from services.generation.timetracking.saved_report_service import Reader
from services.generation.timetracking.time_report import Extent, OfWorkspace, Shared, Source, TimeReport
from services.generation.timetracking.time_report_service import Limits, Stores, TimeReportService
from services.generation.timetracking.time_store import SavedReport
from services.generation.words.language import Locale
from tests.builders.time_entries import ANN, directory
from tests.fakes.accounts import account_service
from tests.fakes.inputs import FakeInputs
from tests.fakes.saved_reports import FakeSavedReportAccess
from tests.fakes.time_entries import MemoryTimeEntries

NOW = datetime(2026, 1, 31, 12, tzinfo=UTC)
JANUARY = {"start_date": "2026-01-01", "end_date": "2026-01-31"}
ANN_USER = User(11, ANN.email, Locale("de", "UTC"), NOW)  # reads German
LIMITS = Limits(max_entries=1000, runs_at_once=2, waiting=1, wait_s=5)


def inputs_of(known: Directory) -> FakeInputs:
    """Return inputs that hold the records of a directory."""
    inputs = FakeInputs()
    inputs.add(WORKSPACES, known.workspace.owner_id, known.workspace)
    kinds = (MEMBERS, CLIENTS, PROJECTS, PROJECT_TASKS, TAGS, GROUPS)
    records = (known.members, known.clients, known.projects, known.tasks, known.tags, known.groups)
    for kind, some in zip(kinds, records, strict=True):
        inputs.add(kind, known.workspace.id, *some.values())  # type: ignore[attr-defined] # messages of the kind
    return inputs


def time_report_service(
    stored: MemoryTimeEntries,
    *,
    is_gone: bool = False,
    saved: SavedReport | None = None,
    limits: Limits = LIMITS,
    now: Callable[[], datetime] = lambda: NOW,
    reader: Reader = "manager",
    known: Directory | None = None,
    owner: Member = ANN,
    user: User = ANN_USER,
) -> TimeReportService:
    """Return the service over the studio of `tests.builders.time_entries`, on the last day of January 2026."""
    accounts = account_service(user)
    inputs = FakeInputs() if is_gone else inputs_of(known or directory())
    workspace = known.workspace if known else None
    access = FakeSavedReportAccess(saved, reader, workspace, owner)
    stores = Stores(access, accounts, inputs, stored)  # type: ignore[arg-type] # fakes
    return TimeReportService(stores, limits, now)


def january(report_type: Any = "detailed", **params: Any) -> OfWorkspace:
    """Return a report over January 2026."""
    return OfWorkspace(1, report_type, JANUARY | params)


def shared(**params: Any) -> Shared:
    """Return the saved report, run with parameters."""
    return Shared("0" * 32, params)


async def run(
    stored: MemoryTimeEntries, source: Source, extent: Extent = "everything", **more: Any
) -> tuple[TimeReport, list[Any]]:
    """Return a report and all its rows."""
    async with time_report_service(stored, **more).opened(source, None, extent) as report:
        rows = [row for run in [run async for run in report.rows] for row in run]
    return report, rows


def ids_of(rows: Sequence[Any]) -> list[int]:
    """Return the ids of the entries of detailed rows."""
    return [entry.id for row in rows for entry in row.time_entries]
