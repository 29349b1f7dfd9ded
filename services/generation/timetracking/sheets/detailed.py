"""Detailed reports as tables, run by run: a row for each time entry, or for several merged ones."""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass
from typing import ClassVar, Self, cast

import numpy as np
from daybook.report.v1.sheet_pb2 import Column, RowGroup, Table, Total
from numpy.typing import NDArray

from services.generation.timetracking.detailed_rows import DetailedRows
from services.generation.timetracking.entries import NONE
from services.generation.timetracking.sheets import value_columns as columns
from services.generation.timetracking.sheets.part_stream import Body
from services.generation.timetracking.sheets.report_context import ReportContext, each
from services.generation.timetracking.sheets.value_columns import TOTAL, data_total, paper_total
from services.generation.timetracking.sheets.value_format import Calendar, ValueFormat
from services.generation.timetracking.time_report import TimeReport
from services.generation.words.catalogue import mark as _

YES, NO = _("Yes"), _("No")
USER, CLIENT, PROJECT, TASK = _("User"), _("Client"), _("Project"), _("Task")
DESCRIPTION, BILLABLE, TAGS = _("Description"), _("Billable"), _("Tags")
DATE, START, END, DURATION, AMOUNT = _("Date"), _("Start"), _("End"), _("Duration"), _("Amount")


@dataclass(frozen=True, slots=True)
class Run:
    """Rows of a detailed report as what columns are made of, row by row; times are of wall clocks."""

    users: Sequence[int]
    projects: Sequence[int]
    tasks: Sequence[int]
    tags: Sequence[tuple[int, ...]]
    descriptions: Sequence[str]
    billable: Sequence[bool]
    start_s: NDArray[np.int64]
    stop_s: NDArray[np.int64]
    seconds: Sequence[int]
    cents: Sequence[int | None]
    currencies: Sequence[str]

    @classmethod
    def of(cls, rows: DetailedRows) -> Self:
        """Return rows; one of several entries begins with its first and ends with its last."""
        entries, firsts = rows.entries.entries, rows.firsts
        amounts = zip(rows.cents.tolist(), rows.is_priced.tolist(), strict=True)
        return cls(
            firsts(entries.user_id).tolist(),
            firsts(entries.project_id).tolist(),
            firsts(entries.task_id).tolist(),
            [entries.tag_ids.values[code] for code in firsts(entries.tag_ids.codes).tolist()],
            [entries.description.values[code] for code in firsts(entries.description.codes).tolist()],
            firsts(entries.billable).tolist(),
            rows.start_s,
            rows.stop_s,
            rows.seconds.tolist(),
            [cents if is_priced else None for cents, is_priced in amounts],
            [rows.entries.currency.values[code] for code in firsts(rows.entries.currency.codes).tolist()],
        )

    def __len__(self) -> int:
        return len(self.users)


NO_ROWS = Run((), (), (), (), (), (), np.empty(0, np.int64), np.empty(0, np.int64), (), (), ())


@dataclass(frozen=True, slots=True)
class Data:
    """The columns for programs (reference section 11); their titles are English in all languages."""

    for_programs: ClassVar[bool] = True

    subject: ReportContext
    hand: ValueFormat

    def columns(self, run: Run) -> list[Column]:
        """Return the columns of a run."""
        names, calendar = self.subject.names, Calendar.for_programs()
        return [
            columns.text("user", "User", each(names.users, run.users)),
            columns.text("email", "Email", each(names.emails, run.users)),
            columns.text("client", "Client", each(names.clients, run.projects)),
            columns.text("project", "Project", each(names.projects, run.projects)),
            columns.text("task", "Task", each(names.tasks, run.tasks)),
            columns.text("description", "Description", run.descriptions),
            columns.text("billable", "Billable", ["Yes" if one else "No" for one in run.billable]),
            columns.moment(calendar, "date", ("start_date", "Start date"), run.start_s),
            columns.moment(calendar, "time", ("start_time", "Start time"), run.start_s),
            columns.moment(calendar, "date", ("end_date", "End date"), run.stop_s),
            columns.moment(calendar, "time", ("end_time", "End time"), run.stop_s),
            columns.duration(self.hand, "duration", "Duration", run.seconds),
            columns.text("tags", "Tags", map(names.tags, run.tags)),
            *(self._amounts(run, currency) for currency in self.subject.currencies),
        ]

    def total(self) -> Total:
        """Return what all rows come to."""
        return data_total(self.subject, self.hand)

    def _amounts(self, run: Run, currency: str) -> Column:
        priced = zip(run.cents, run.currencies, strict=True)
        cents = [number if own == currency else None for number, own in priced]
        return columns.money(self.hand, f"amount_{currency}", f"Amount ({currency})", cents, currency)


@dataclass(frozen=True, slots=True)
class Paper:
    """The columns for people, in their language; tasks only where there are any."""

    for_programs: ClassVar[bool] = False

    subject: ReportContext
    hand: ValueFormat

    def columns(self, run: Run) -> list[Column]:
        """Return the columns of a run."""
        names, t = self.subject.names, self.subject.t
        has_tasks = any(task != NONE for task in self.subject.totals.task_seconds)
        tasks = [columns.text("task", t(TASK), each(names.tasks, run.tasks))] if has_tasks else []
        yes, no = t(YES), t(NO)
        return [
            *self._moments(run),
            columns.text("user", t(USER), each(names.users, run.users)),
            columns.text("client", t(CLIENT), each(names.clients, run.projects)),
            columns.text("project", t(PROJECT), each(names.projects, run.projects)),
            *tasks,
            columns.text("description", t(DESCRIPTION), run.descriptions),
            columns.text("tags", t(TAGS), map(names.tags, run.tags)),
            columns.text("billable", t(BILLABLE), [yes if one else no for one in run.billable]),
            columns.duration(self.hand, "duration", t(DURATION), run.seconds),
            *([] if self.subject.query.hide_amounts else [self._amounts(run)]),
        ]

    def total(self) -> Total:
        """Return what all rows come to."""
        return paper_total(self.subject, self.hand, TOTAL, self.subject.totals)

    def _moments(self, run: Run) -> list[Column]:
        """Return when rows were: their days, their times or both, as `display_mode` says."""
        params, t = self.subject.query.detailed, self.subject.t
        calendar = Calendar.for_paper(params)
        made = []
        if params.display_mode != "time_only":
            made.append(columns.moment(calendar, "date", ("date", t(DATE)), run.start_s))
        if params.display_mode != "date_only":
            made.append(columns.moment(calendar, "time", ("start_time", t(START)), run.start_s))
            made.append(columns.moment(calendar, "time", ("end_time", t(END)), run.stop_s))
        return made

    def _amounts(self, run: Run) -> Column:
        priced = zip(run.cents, run.currencies, strict=True)
        texts = ["" if cents is None else self.hand.priced({currency: cents}) for cents, currency in priced]
        return columns.prices("amount", self.subject.t(AMOUNT), texts)


def detailed(layout: Data | Paper) -> Body:
    """Return the rows of a detailed report; there are columns without rows for programs only."""
    report = layout.subject.report
    width = len(layout.columns(NO_ROWS))
    return Body(_tables(report, layout), [layout.total()], report.row_count * width)


async def _tables(report: TimeReport, layout: Data | Paper) -> AsyncGenerator[Table, None]:
    is_empty = True
    async for run in report.rows:
        if run:
            is_empty = False
            yield await asyncio.to_thread(_of_rows, layout, cast("DetailedRows", run))
    if is_empty and layout.for_programs:
        yield _table(layout, NO_ROWS)


def _of_rows(layout: Data | Paper, rows: DetailedRows) -> Table:
    return _table(layout, Run.of(rows))


def _table(layout: Data | Paper, run: Run) -> Table:
    return Table(columns=layout.columns(run), groups=[RowGroup(row_count=len(run))])
