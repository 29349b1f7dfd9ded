"""Detailed reports as tables, run by run: a row for each time entry, or for several merged ones."""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass
from typing import ClassVar, Self, cast

import numpy as np
from daybook.report.v1.sheet_pb2 import Column, RowGroup, Table, Total
from numpy.typing import NDArray

from services.generation.domain.timesheets.entries import NONE
from services.generation.domain.timesheets.results import DetailedRow
from services.generation.time_reports.report import TimeReport
from services.generation.time_reports.sheets import columns
from services.generation.time_reports.sheets.calendar import Calendar
from services.generation.time_reports.sheets.hands import Hand
from services.generation.time_reports.sheets.names import each
from services.generation.time_reports.sheets.stream import Body
from services.generation.time_reports.sheets.subjects import Subject
from services.generation.time_reports.sheets.sums import TOTAL, data_total, paper_total
from services.generation.words.catalogue import mark as _

YES, NO = _("Yes"), _("No")
USER, CLIENT, PROJECT, TASK = _("User"), _("Client"), _("Project"), _("Task")
DESCRIPTION, BILLABLE, TAGS = _("Description"), _("Billable"), _("Tags")
DATE, START, END, DURATION, AMOUNT = _("Date"), _("Start"), _("End"), _("Duration"), _("Amount")


@dataclass(frozen=True, slots=True)
class Run:
    """Rows of a detailed report with what most columns need of them: wall clocks and seconds, row by row."""

    rows: Sequence[DetailedRow]
    start_s: NDArray[np.int64]
    end_s: NDArray[np.int64]
    seconds: Sequence[int]

    @classmethod
    def of(cls, rows: Sequence[DetailedRow]) -> Self:
        """Return rows; one of several entries begins with its first and ends with its last."""
        return cls(
            rows,
            np.array([row.entries[0].start_s + row.entries[0].start_offset_s for row in rows], np.int64),
            np.array([row.entries[-1].stop_s + row.entries[-1].stop_offset_s for row in rows], np.int64),
            [sum([entry.seconds for entry in row.entries]) for row in rows],
        )


@dataclass(frozen=True, slots=True)
class Data:
    """The columns for programs (reference section 11); their titles are English in all languages."""

    for_programs: ClassVar[bool] = True

    subject: Subject
    hand: Hand

    def columns(self, run: Run) -> list[Column]:
        """Return the columns of a run."""
        rows, names, calendar = run.rows, self.subject.names, Calendar.for_programs()
        projects = [row.project_id for row in rows]
        users = [row.user_id for row in rows]
        return [
            columns.text("user", "User", each(names.users, users)),
            columns.text("email", "Email", each(names.emails, users)),
            columns.text("client", "Client", each(names.clients, projects)),
            columns.text("project", "Project", each(names.projects, projects)),
            columns.text("task", "Task", each(names.tasks, [row.task_id for row in rows])),
            columns.text("description", "Description", [row.description for row in rows]),
            columns.text("billable", "Billable", ["Yes" if row.billable else "No" for row in rows]),
            columns.moment(calendar, "date", ("start_date", "Start date"), run.start_s),
            columns.moment(calendar, "time", ("start_time", "Start time"), run.start_s),
            columns.moment(calendar, "date", ("end_date", "End date"), run.end_s),
            columns.moment(calendar, "time", ("end_time", "End time"), run.end_s),
            columns.duration(self.hand, "duration", "Duration", run.seconds),
            columns.text("tags", "Tags", [names.tags(row.tag_ids) for row in rows]),
            *(self._amounts(rows, currency) for currency in self.subject.currencies),
        ]

    def total(self) -> Total:
        """Return what all rows come to."""
        return data_total(self.subject, self.hand)

    def _amounts(self, rows: Sequence[DetailedRow], currency: str) -> Column:
        cents = [row.amount_cents if row.currency == currency else None for row in rows]
        return columns.money(self.hand, f"amount_{currency}", f"Amount ({currency})", cents, currency)


@dataclass(frozen=True, slots=True)
class Paper:
    """The columns for people, in their language; tasks only where there are any."""

    for_programs: ClassVar[bool] = False

    subject: Subject
    hand: Hand

    def columns(self, run: Run) -> list[Column]:
        """Return the columns of a run."""
        rows, names, t = run.rows, self.subject.names, self.subject.t
        projects = [row.project_id for row in rows]
        has_tasks = any(task != NONE for task in self.subject.totals.task_seconds)
        tasks = [columns.text("task", t(TASK), each(names.tasks, [row.task_id for row in rows]))] if has_tasks else []
        yes, no = t(YES), t(NO)
        billable = columns.text("billable", t(BILLABLE), [yes if row.billable else no for row in rows])
        return [
            *self._moments(run),
            columns.text("user", t(USER), each(names.users, [row.user_id for row in rows])),
            columns.text("client", t(CLIENT), each(names.clients, projects)),
            columns.text("project", t(PROJECT), each(names.projects, projects)),
            *tasks,
            columns.text("description", t(DESCRIPTION), [row.description for row in rows]),
            columns.text("tags", t(TAGS), [names.tags(row.tag_ids) for row in rows]),
            billable,
            columns.duration(self.hand, "duration", t(DURATION), run.seconds),
            *([] if self.subject.ask.hide_amounts else [self._amounts(rows)]),
        ]

    def total(self) -> Total:
        """Return what all rows come to."""
        return paper_total(self.subject, self.hand, TOTAL, self.subject.totals)

    def _moments(self, run: Run) -> list[Column]:
        """Return when rows were: their days, their times or both, as `display_mode` says."""
        writing, t = self.subject.ask.writing, self.subject.t
        calendar = Calendar.for_paper(writing)
        made = []
        if writing.display_mode != "time_only":
            made.append(columns.moment(calendar, "date", ("date", t(DATE)), run.start_s))
        if writing.display_mode != "date_only":
            made.append(columns.moment(calendar, "time", ("start_time", t(START)), run.start_s))
            made.append(columns.moment(calendar, "time", ("end_time", t(END)), run.end_s))
        return made

    def _amounts(self, rows: Sequence[DetailedRow]) -> Column:
        texts = ["" if row.amount_cents is None else self.hand.priced({row.currency: row.amount_cents}) for row in rows]
        return columns.prices("amount", self.subject.t(AMOUNT), texts)


def detailed(layout: Data | Paper) -> Body:
    """Return the rows of a detailed report; there are columns without rows for programs only."""
    report = layout.subject.report
    width = len(layout.columns(Run.of(())))
    return Body(_tables(report, layout), [layout.total()], report.row_count * width)


async def _tables(report: TimeReport, layout: Data | Paper) -> AsyncGenerator[Table, None]:
    is_empty = True
    async for run in report.rows:
        if run:
            is_empty = False
            yield await asyncio.to_thread(_table, layout, cast("Sequence[DetailedRow]", run))
    if is_empty and layout.for_programs:
        yield _table(layout, ())


def _table(layout: Data | Paper, rows: Sequence[DetailedRow]) -> Table:
    return Table(columns=layout.columns(Run.of(rows)), groups=[RowGroup(row_count=len(rows))])
