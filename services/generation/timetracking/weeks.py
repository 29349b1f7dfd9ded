"""Time of each member on each project: in all, and day by day of a week."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from services.generation.timetracking.directory import Directory, Place, place_of
from services.generation.timetracking.entries import NONE, Rows
from services.generation.timetracking.parameters import WeeklyParams
from services.generation.timetracking.periods import day_number
from services.generation.timetracking.prices import Currencies, Piece, price_column
from services.generation.timetracking.tally import Columns, Tally


@dataclass(frozen=True, slots=True)
class WeeklyRow:
    """A week of a member on a project, seven values each; `rate_cents` is None unless there is exactly one."""

    user_id: int
    project_id: int | None
    task_id: int | None
    currency: str
    rate_cents: int | None
    seconds: Sequence[int]
    billable_seconds: Sequence[int]
    amounts_cents: Sequence[int] | None  # None when hidden


@dataclass(frozen=True, slots=True)
class ProjectRow:
    """The time of a member on a project."""

    project_id: int | None
    user_id: int
    seconds: int
    billable_seconds: int


DAYS = 7
_DAY = 3  # among the keys of a cell
Key = tuple[int, int, int, str]  # member, project, task, currency


class WeekFold:
    """Groups prepared entries by member, project, currency and, if asked, task; those of other days are left out."""

    def __init__(self, params: WeeklyParams, directory: Directory, first_day: date) -> None:
        self._params = params
        self._directory = directory
        self._first_day = day_number(first_day)
        self._currencies = Currencies()
        self._tally = Tally()

    @property
    def columns(self) -> frozenset[str]:
        """Names of the columns that it reads."""
        return frozenset({"user_id", "project_id", "start_s"} | ({"task_id"} if self._params.group_by_task else set()))

    def keys(self, rows: Rows) -> Columns:
        """Return the cell of each entry by member, project, task, day and currency."""
        entries = rows.entries
        task_id = entries.task_id if self._params.group_by_task else np.full(len(rows), NONE, np.int64)
        day = rows.day - self._first_day
        return entries.user_id, entries.project_id, task_id, day, self._currencies.column(rows)

    def add(self, rows: Rows) -> None:
        """Add a run of entries."""
        keys = *self.keys(rows), price_column(rows)
        day = keys[_DAY]
        inside = (day >= 0) & (day < DAYS)
        self._tally.add([key[inside] for key in keys], (rows.seconds[inside], rows.amount_cents[inside]))

    def result(self, amounts: bool) -> list[WeeklyRow]:
        """Return the rows by project, then member, or the other way round; task and currency follow.

        The order is of names, letters' case apart; what has no project or task comes last.
        """
        days: dict[Key, list[list[Piece]]] = {}
        for user, project, task, day, *price in self._tally.rows():
            piece = self._currencies.piece(*price)
            week = days.setdefault((user, project, task, piece.currency), [[] for _ in range(DAYS)])
            week[day].append(piece)
        rows = [_row(key, week, amounts=amounts) for key, week in days.items()]
        return sorted(rows, key=self._place)

    def _place(self, row: WeeklyRow) -> tuple[Place, Place, Place, str]:
        project = place_of("projects", row.project_id or NONE, self._directory)
        user = place_of("users", row.user_id, self._directory)
        task = place_of("tasks", row.task_id or NONE, self._directory)
        first, second = (user, project) if self._params.grouping == "users" else (project, user)
        return first, second, task, row.currency


def _row(key: Key, week: Sequence[Sequence[Piece]], *, amounts: bool) -> WeeklyRow:
    user, project, task, currency = key
    rates = {piece.rate_cents for pieces in week for piece in pieces} - {None}
    return WeeklyRow(
        user_id=user,
        project_id=project or None,
        task_id=task or None,
        currency=currency,
        rate_cents=rates.pop() if amounts and len(rates) == 1 else None,
        seconds=[sum(piece.seconds for piece in pieces) for pieces in week],
        billable_seconds=[sum(piece.billable_seconds for piece in pieces) for pieces in week],
        amounts_cents=[sum(piece.amount_cents for piece in pieces) for pieces in week] if amounts else None,
    )


class ProjectFold:
    """Adds up prepared entries by project and member."""

    columns = frozenset({"project_id", "user_id"})

    def __init__(self, directory: Directory) -> None:
        self._directory = directory
        self._tally = Tally()

    def keys(self, rows: Rows) -> Columns:
        """Return the project and the member of each entry."""
        return rows.entries.project_id, rows.entries.user_id

    def add(self, rows: Rows) -> None:
        """Add a run of entries."""
        self._tally.add(self.keys(rows), (rows.seconds, rows.seconds * rows.entries.billable))

    def result(self) -> list[ProjectRow]:
        """Return the rows by name of project, letters' case apart and time without one last, then of member."""
        rows = [ProjectRow(project or None, *rest) for project, *rest in self._tally.rows()]
        return sorted(rows, key=self._place)

    def _place(self, row: ProjectRow) -> tuple[Place, Place]:
        project = place_of("projects", row.project_id or NONE, self._directory)
        return project, place_of("users", row.user_id, self._directory)
