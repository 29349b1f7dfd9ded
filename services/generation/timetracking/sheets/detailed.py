"""Detailed reports as tables, run by run: a row for each time entry, or for several merged ones."""

import asyncio
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from typing import ClassVar, cast

from daybook.report.v1.sheet_pb2 import Column, RowGroup, Table, Total

from services.generation.timetracking.detailed_rows import NO_ROWS, DetailedRows
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
class Data:
    """The columns for programs (reference section 11); their titles are English in all languages."""

    for_programs: ClassVar[bool] = True

    context: ReportContext
    value_format: ValueFormat

    def columns(self, rows: DetailedRows) -> list[Column]:
        """Return the columns of some rows; one of several entries begins with its first and ends with its last."""
        names, calendar = self.context.names, Calendar.for_programs()
        return [
            columns.text("user", "User", each(names.users, rows.values("user_id"))),
            columns.text("email", "Email", each(names.emails, rows.values("user_id"))),
            columns.text("client", "Client", each(names.clients, rows.values("project_id"))),
            columns.text("project", "Project", each(names.projects, rows.values("project_id"))),
            columns.text("task", "Task", each(names.tasks, rows.values("task_id"))),
            columns.text("description", "Description", rows.values("description")),
            columns.text("billable", "Billable", ["Yes" if one else "No" for one in rows.values("billable")]),
            columns.moment(calendar, "date", ("start_date", "Start date"), rows.start_s),
            columns.moment(calendar, "time", ("start_time", "Start time"), rows.start_s),
            columns.moment(calendar, "date", ("end_date", "End date"), rows.stop_s),
            columns.moment(calendar, "time", ("end_time", "End time"), rows.stop_s),
            columns.duration(self.value_format, "duration", "Duration", rows.seconds.tolist()),
            columns.text("tags", "Tags", map(names.tags, rows.values("tag_ids"))),
            *(self._amounts(rows, currency) for currency in self.context.currencies),
        ]

    def total(self) -> Total:
        """Return the total of all rows."""
        return data_total(self.context, self.value_format)

    def _amounts(self, rows: DetailedRows, currency: str) -> Column:
        priced = zip(rows.shown_cents, rows.currencies, strict=True)
        cents = [number if own == currency else None for number, own in priced]
        return columns.money(self.value_format, f"amount_{currency}", f"Amount ({currency})", cents, currency)


@dataclass(frozen=True, slots=True)
class Paper:
    """The columns for people, in their language; tasks only where there are any."""

    for_programs: ClassVar[bool] = False

    context: ReportContext
    value_format: ValueFormat

    def columns(self, rows: DetailedRows) -> list[Column]:
        """Return the columns of some rows; one of several entries begins with its first and ends with its last."""
        names, t = self.context.names, self.context.t
        has_tasks = any(task != NONE for task in self.context.totals.task_seconds)
        tasks = [columns.text("task", t(TASK), each(names.tasks, rows.values("task_id")))] if has_tasks else []
        yes, no = t(YES), t(NO)
        return [
            *self._moments(rows),
            columns.text("user", t(USER), each(names.users, rows.values("user_id"))),
            columns.text("client", t(CLIENT), each(names.clients, rows.values("project_id"))),
            columns.text("project", t(PROJECT), each(names.projects, rows.values("project_id"))),
            *tasks,
            columns.text("description", t(DESCRIPTION), rows.values("description")),
            columns.text("tags", t(TAGS), map(names.tags, rows.values("tag_ids"))),
            columns.text("billable", t(BILLABLE), [yes if one else no for one in rows.values("billable")]),
            columns.duration(self.value_format, "duration", t(DURATION), rows.seconds.tolist()),
            *([] if self.context.query.hide_amounts else [self._amounts(rows)]),
        ]

    def total(self) -> Total:
        """Return the total of all rows."""
        return paper_total(self.context, self.value_format, TOTAL, self.context.totals)

    def _moments(self, rows: DetailedRows) -> list[Column]:
        """Return when rows were: their days, their times or both, as `display_mode` says."""
        params, t = self.context.query.detailed, self.context.t
        calendar = Calendar.for_paper(params)
        made = []
        if params.display_mode != "time_only":
            made.append(columns.moment(calendar, "date", ("date", t(DATE)), rows.start_s))
        if params.display_mode != "date_only":
            made.append(columns.moment(calendar, "time", ("start_time", t(START)), rows.start_s))
            made.append(columns.moment(calendar, "time", ("end_time", t(END)), rows.stop_s))
        return made

    def _amounts(self, rows: DetailedRows) -> Column:
        priced = zip(rows.shown_cents, rows.currencies, strict=True)
        texts = ["" if cents is None else self.value_format.priced({currency: cents}) for cents, currency in priced]
        return columns.prices("amount", self.context.t(AMOUNT), texts)


def detailed(layout: Data | Paper) -> Body:
    """Return the rows of a detailed report; there are columns without rows for programs only."""
    report = layout.context.report
    width = len(layout.columns(NO_ROWS))
    return Body(_tables(report, layout), [layout.total()], report.row_count * width)


async def _tables(report: TimeReport, layout: Data | Paper) -> AsyncGenerator[Table, None]:
    is_empty = True
    async for run in report.rows:
        if run:
            is_empty = False
            yield await asyncio.to_thread(_table, layout, cast("DetailedRows", run))
    if is_empty and layout.for_programs:
        yield _table(layout, NO_ROWS)


def _table(layout: Data | Paper, rows: DetailedRows) -> Table:
    return Table(columns=layout.columns(rows), groups=[RowGroup(row_count=len(rows))])
