"""Sheets of reports over time entries: a table for programs, or title, charts and tables for people."""

from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass
from typing import Any, Literal, cast

from daybook.report.v1.sheet_pb2 import Sheet, SheetPart

from services.errors import InvalidParameters
from services.generation.timetracking.query import TimeReportQuery
from services.generation.timetracking.sheets import detailed, summary, weekly
from services.generation.timetracking.sheets.header_sections import front
from services.generation.timetracking.sheets.part_stream import ROUNDED, Body, parts_of
from services.generation.timetracking.sheets.report_context import ReportContext
from services.generation.timetracking.sheets.time_conditions import conditions_of
from services.generation.timetracking.sheets.value_format import ValueFormat
from services.generation.timetracking.summary_groups import SummaryGroup
from services.generation.timetracking.time_report import TimeReport
from services.generation.timetracking.weeks import WeeklyRow
from services.generation.words.catalogue import mark as _
from services.generation.words.conditions import Condition, days_text, rows_left_out_pattern
from services.generation.words.file_names import file_stem

TITLES = {"detailed": _("Detailed report"), "summary": _("Summary report"), "weekly": _("Weekly report")}
FILE_WORDS = {"detailed": "time_entries", "weekly": "weekly"}
ALL_ENTRIES = _("All entries")
CONTENTS = _("Contents")
PAGE = _("Page {page} of {pages}")

Layout = Literal["data", "print"]


@dataclass(frozen=True, slots=True)
class TimeSheets:
    """Parts of the only sheet of a report, and the names that a file needs."""

    title: str
    header: str  # of the sheet: the name of its tab
    file_name: str  # without suffix
    contents_title: str  # the name of the first tab, empty for the title
    page_pattern: str  # with {page} and {pages}
    period: str  # in a few words
    conditions: Sequence[Condition]
    cell_count: int
    rows_left_out_pattern: str  # with {count}
    parts: AsyncGenerator[SheetPart, None]


async def sheets_of(report: TimeReport, layout: Layout) -> TimeSheets:
    """Return a report as one sheet: "data" is one table (reference section 11), "print" is for people.

    The rows of a detailed report are read while the parts are; those of others at once. Raises InvalidParameters for a
    kind of report that has no files.
    """
    if report.query.report_type not in TITLES:
        raise InvalidParameters.one("report_type", f"must be one of {', '.join(TITLES)} for a file")
    context = ReportContext.of(report)
    value_format = _format(context, layout)
    title = _title(context)
    are_entries = layout == "data" and report.query.report_type == "detailed"
    header = context.t(ALL_ENTRIES) if are_entries else title
    sheet = Sheet(header=header, time_zone=report.viewpoint.time_zone)
    rows = [] if report.query.report_type == "detailed" else [row async for run in report.rows for row in run]
    if layout == "print":
        weeks = cast("Sequence[WeeklyRow]", rows) if report.query.report_type == "weekly" else ()
        sheet.sections.extend(front(context, value_format, weeks))
    body = _body(context, value_format, layout, rows)
    return TimeSheets(
        title=title,
        header=header,
        file_name=_file_name(context),
        contents_title="" if are_entries else context.t(CONTENTS),
        page_pattern=context.t(PAGE),
        period=days_text(report.query.days.first, report.query.days.last, context.language.locale),
        conditions=[*conditions_of(context)],
        cell_count=body.cell_count,
        rows_left_out_pattern=rows_left_out_pattern(context.language),
        parts=parts_of(sheet, body, context.t(ROUNDED) if layout == "print" else ""),
    )


def _format(context: ReportContext, layout: Layout) -> ValueFormat:
    params, whole_minutes = context.query.params, context.totals.whole_minutes
    if layout == "data":
        return ValueFormat.for_programs(params, whole_minutes=whole_minutes)
    return ValueFormat.for_paper(params, context.language, whole_minutes=whole_minutes)


def _title(context: ReportContext) -> str:
    """Return the name of the saved report, else that of the kind of report."""
    saved = context.report.saved
    return saved.name if saved and saved.name else context.t(TITLES[context.query.report_type])


def _file_name(context: ReportContext) -> str:
    """Return the name of a file: the saved report's or the kind's, and the days."""
    days = context.query.days
    return file_stem([_title(context)], days.first, days.last)


def toggl_file_name(query: TimeReportQuery) -> str:
    """Return the name that Toggl gives (reference section 11): "Toggl_time_entries_2026-01-05_to_2026-01-11"."""
    what = query.summary.grouping if query.report_type == "summary" else FILE_WORDS[query.report_type]
    return f"Toggl_{what}_{query.days.first}_to_{query.days.last}"


def _body(context: ReportContext, value_format: ValueFormat, layout: Layout, rows: Sequence[Any]) -> Body:
    """Return the table of a report: of these rows, or of those that a detailed one reads."""
    is_data = layout == "data"
    match context.query.report_type:
        case "summary":
            made = summary.Data(context, value_format) if is_data else summary.Paper(context, value_format)
            return summary.summary(cast("Sequence[SummaryGroup]", rows), made)
        case "weekly":
            week = weekly.Week.data(context, value_format) if is_data else weekly.Week.paper(context, value_format)
            return weekly.weekly(cast("Sequence[WeeklyRow]", rows), week)
        case _:
            return detailed.detailed(detailed.layout_of(context, value_format, for_programs=is_data))
