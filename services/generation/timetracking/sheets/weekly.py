"""Tables of weeks: a row for each member and project, a column for each of the seven days, and totals."""

from collections.abc import AsyncGenerator, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import groupby
from operator import attrgetter
from typing import Self

import numpy as np
from daybook.report.v1.sheet_pb2 import Column, RowGroup, Table, Total
from numpy.typing import NDArray

from services.generation.kit.parts import MAX_ROWS
from services.generation.timetracking.sheets import value_columns as columns
from services.generation.timetracking.sheets.entity_labels import each
from services.generation.timetracking.sheets.part_stream import Body
from services.generation.timetracking.sheets.report_context import WITHOUT, ReportContext
from services.generation.timetracking.sheets.value_columns import TOTAL
from services.generation.timetracking.sheets.value_format import Calendar, ValueFormat
from services.generation.timetracking.weeks import WeeklyRow
from services.generation.words.catalogue import mark as _
from services.runtime.fair_threads import in_thread

CURRENCY = _("Currency")
USER, CLIENT, PROJECT, TASK = _("User"), _("Client"), _("Project"), _("Task")

WEEK_DAYS = 7


@dataclass(frozen=True, slots=True)
class Week:
    """Layout of a week. Cells are amounts where requested and not hidden, else durations."""

    context: ReportContext
    value_format: ValueFormat
    day_titles: Sequence[str]
    t: Callable[[str], str]
    for_programs: bool
    left_out: frozenset[str] = frozenset()  # columns of names on paper without any

    @classmethod
    def data(cls, context: ReportContext, value_format: ValueFormat) -> Self:
        """Return the layout for programs (reference section 11): English titles, ISO dates."""
        titles = [Calendar.for_programs().day(day) for day in _days(context)]
        return cls(context, value_format, titles, str, for_programs=True)

    @classmethod
    def paper(cls, context: ReportContext, value_format: ValueFormat) -> Self:
        """Return the layout for people, in their language."""
        calendar, weekdays = context.calendar, context.language.clock.weekdays
        titles = [f"{weekdays[day.weekday()]}\n{calendar.short_day(day)}" for day in _days(context)]
        return cls(context, value_format, titles, context.t, for_programs=False)

    @property
    def in_money(self) -> bool:
        """Return whether cells are amounts."""
        return self.context.query.in_money

    @property
    def currencies(self) -> Sequence[str]:
        """Return the currencies of amounts, at least one; where there are several, a column names that of each row."""
        workspace = self.context.report.directory.workspace
        return sorted(self.context.totals.amounts) or [workspace.currency_code]

    def table(self, rows: Sequence[WeeklyRow]) -> Table:
        """Return rows as a table."""
        cells = self._cells(rows)
        values = np.column_stack([cells, cells.sum(axis=1)]).T.tolist()
        titles = [*self.day_titles, self._total_title]
        made = self._texts(rows)
        for column in made:
            if column.field == "project" and not self.for_programs:
                column.text[:] = [text or self.t(WITHOUT["projects"]) for text in column.text]
        for place, (title, numbers) in enumerate(zip(titles, values, strict=True)):
            column = self._numbers(_field(place), title, numbers)
            made.append(self._for_programs(place, column) if self.for_programs else _without_zeros(column, numbers))
        return Table(columns=made, groups=[RowGroup(row_count=len(rows))])

    def totals(self, rows: Sequence[WeeklyRow]) -> list[Total]:
        """Return the total of all rows, or a total for each of several currencies."""
        if not self._is_mixed:
            return [self._total(self.t(TOTAL), rows)]
        return [
            self._total(f"{self.t(TOTAL)} ({currency})", [row for row in rows if row.currency == currency], currency)
            for currency in self.currencies
        ]

    @property
    def _total_title(self) -> str:
        """Return the title of the last column; on paper with the currency, if all amounts have the same."""
        is_named = self.in_money and not self.for_programs and not self._is_mixed
        return f"{self.t(TOTAL)}\n{self.currencies[0]}" if is_named else self.t(TOTAL)

    @property
    def _is_mixed(self) -> bool:
        return self.in_money and len(self.currencies) > 1

    def _cells(self, rows: Sequence[WeeklyRow]) -> NDArray[np.int64]:
        """Return the seconds or cents of each row and day."""
        values = [row.amounts_cents or [0] * WEEK_DAYS if self.in_money else row.seconds for row in rows]
        return np.array(values, np.int64).reshape(-1, WEEK_DAYS)

    def _total(self, text: str, rows: Sequence[WeeklyRow], currency: str = "") -> Total:
        days = self._cells(rows).sum(axis=0)
        values = enumerate([*days.tolist(), int(days.sum())])
        if not self.in_money:
            cells = [columns.total_duration(self.value_format, _field(place), value) for place, value in values]
        else:
            code = currency or self.currencies[0]
            cells = [columns.total_money(self.value_format, _field(place), value, code) for place, value in values]
        return Total(text=text, cells=cells)

    def _numbers(self, field: str, title: str, values: Sequence[int]) -> Column:
        if self.in_money:
            return columns.money(self.value_format, field, title, values, "" if self._is_mixed else self.currencies[0])
        return columns.duration(self.value_format, field, title, values)

    def _for_programs(self, place: int, column: Column) -> Column:
        """Return a column whose title is a date in workbooks, where days without time are empty."""
        if place < WEEK_DAYS:
            column.title_date_pattern, column.blank_zeros = self.context.calendar.date, True
        return column

    def _texts(self, rows: Sequence[WeeklyRow]) -> list[Column]:
        """Return the columns of names; on paper the key of the week comes first."""
        names, query, t = self.context.names, self.context.query, self.t
        labels, beside = self.context.labels, ("client", "project", *(["email"] if self.for_programs else []))
        users, projects = [row.user_id for row in rows], [row.project_id for row in rows]
        user = columns.text("user", t(USER), each(labels.of("users", beside), users))
        email = columns.text("email", "Email", each(names.emails, users))
        client = columns.text("client", t(CLIENT), each(names.clients, projects))
        project = columns.text("project", t(PROJECT), each(labels.of("projects", beside), projects))
        tasks = [columns.text("task", t(TASK), each(labels.of("tasks", beside), [row.task_id for row in rows]))]
        if self.for_programs:
            made = [user, email, client, project]
        elif query.weekly.grouping == "users":
            made = [user, project, client]
        else:
            made = [project, client, user]
        made += tasks if query.weekly.group_by_task else []
        if self._is_mixed:
            made.append(columns.text("currency", t(CURRENCY), [row.currency for row in rows]))
        return [column for column in made if column.field not in self.left_out]

    def shown_for(self, rows: Sequence[WeeklyRow]) -> Self:
        """Return the layout of all rows: on paper without columns of names in which no row has any."""
        if self.for_programs or not rows:
            return self
        return replace(self, left_out=frozenset(one.field for one in self._texts(rows) if not any(one.text)))

    def merged(self, rows: Sequence[WeeklyRow]) -> Sequence[WeeklyRow]:
        """Return the rows as they are shown: hours on paper have one of each member and project in all currencies."""
        if self.for_programs or self.in_money:
            return rows
        return [_sum(list(some)) for _, some in groupby(rows, attrgetter("user_id", "project_id", "task_id"))]


def weekly(rows: Sequence[WeeklyRow], layout: Week) -> Body:
    """Return the rows of a week; there are columns without rows for programs only."""
    rows = layout.merged(rows)
    week = layout.shown_for(rows)
    return Body(_tables(rows, week), week.totals(rows), len(rows) * len(week.table(()).columns))


async def _tables(rows: Sequence[WeeklyRow], week: Week) -> AsyncGenerator[Table, None]:
    for first in range(0, max(len(rows), int(week.for_programs)), MAX_ROWS):
        yield await in_thread(week.table, rows[first : first + MAX_ROWS])


def _days(context: ReportContext) -> list[date]:
    return [context.query.days.first + timedelta(days=place) for place in range(WEEK_DAYS)]


def _sum(rows: Sequence[WeeklyRow]) -> WeeklyRow:
    """Return rows of several currencies as one of hours."""
    if len(rows) == 1:
        return rows[0]
    return replace(
        rows[0],
        rate_cents=None,
        seconds=[sum(day) for day in zip(*(row.seconds for row in rows), strict=True)],
        billable_seconds=[sum(day) for day in zip(*(row.billable_seconds for row in rows), strict=True)],
        amounts_cents=None,
    )


def _field(place: int) -> str:
    return f"day_{place + 1}" if place < WEEK_DAYS else "total"


def _without_zeros(column: Column, values: Sequence[int]) -> Column:
    """Return a column with the texts of nothing left blank."""
    column.text[:] = [text if value else "" for text, value in zip(column.text, values, strict=True)]
    return column
