"""Detailed reports as tables, run by run: a row for each time entry, or for several merged ones."""

from collections.abc import AsyncGenerator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import groupby
from typing import ClassVar, cast

from daybook.report.v1.sheet_pb2 import Column, RowGroup, Table, Total

from services.generation.timetracking.detailed_rows import NO_ROWS, DetailedRows
from services.generation.timetracking.sheets import value_columns as columns
from services.generation.timetracking.sheets.detailed_columns import Columns
from services.generation.timetracking.sheets.entity_labels import each
from services.generation.timetracking.sheets.part_stream import Body
from services.generation.timetracking.sheets.report_context import ReportContext
from services.generation.timetracking.sheets.value_columns import TOTAL, paper_total
from services.generation.timetracking.sheets.value_format import DAY_S, Calendar, ValueFormat, offset_text
from services.generation.timetracking.time_report import TimeReport
from services.generation.words.catalogue import mark as _
from services.runtime.fair_threads import in_thread

PERSON, WORK, TIME, TAGS = _("Person"), _("Work"), _("Time"), _("Tags")
DATE, DURATION, AMOUNT, UNBILLABLE = _("Date"), _("Duration"), _("Amount"), _("Non-billable")
SEPARATOR, NO_BREAK_SPACE = " · ", "\N{NO-BREAK SPACE}"
_EPOCH = date(1970, 1, 1)


@dataclass(frozen=True, slots=True)
class Paper:
    """The columns for people, in their language, few enough for upright paper: what was worked on is one of them.

    Rows in the order of time stand under their days with the sums of each; others have their dates.
    """

    for_programs: ClassVar[bool] = False

    context: ReportContext
    value_format: ValueFormat

    @property
    def by_day(self) -> bool:
        """Whether rows stand under their days."""
        params = self.context.query.detailed
        return params.order_by == "date" and not params.grouped and params.display_mode != "time_only"

    def columns(self, rows: DetailedRows) -> list[Column]:
        """Return the columns of some rows; one of several entries begins with its first and ends with its last."""
        t = self.context.t
        return [
            *self._dates(rows),
            columns.text("user", t(PERSON), each(self.context.labels.of("users"), rows.values("user_id"))),
            columns.text("work", t(WORK), self._work(rows)),
            *self._times(rows),
            self._durations(rows),
            *([self._amounts(rows)] if self.context.shows_amounts else []),
        ]

    def total(self) -> Total:
        """Return the total of all rows."""
        return paper_total(self.context, self.value_format, TOTAL, self.context.totals)

    def _dates(self, rows: DetailedRows) -> list[Column]:
        params = self.context.query.detailed
        if self.by_day or params.display_mode == "time_only":
            return []
        return [columns.moment(self.context.calendar, "date", ("date", self.context.t(DATE)), rows.start_s)]

    def _times(self, rows: DetailedRows) -> list[Column]:
        """Return from when to when each row was; the number of days after its first follows an end on another day.

        A line may end behind the dash alone, and only where clocks show their offsets: else there is room for one line.
        """
        params = self.context.query.detailed
        if params.display_mode == "date_only":
            return []
        calendar = self.context.calendar
        later = (rows.stop_s // DAY_S - rows.start_s // DAY_S).tolist()
        starts, stops = self._clocks(rows, calendar)
        ends = zip(starts, stops, later, strict=True)
        dash = f"{NO_BREAK_SPACE}\N{EN DASH}\n" if self.context.totals.several_offsets else "\N{EN DASH}"
        texts = [f"{start}{dash}{stop}{f' +{days}' if days else ''}" for start, stop, days in ends]
        texts = [text.replace(" ", NO_BREAK_SPACE).replace("\n", " ") for text in texts]
        return [columns.text("time", self.context.t(TIME), texts)]

    def _clocks(self, rows: DetailedRows, calendar: Calendar) -> tuple[list[str], list[str]]:
        """Return starts and stops, with their offsets from UTC where clocks of the report differ."""
        starts, stops = calendar.times(rows.start_s), calendar.times(rows.stop_s)
        if not self.context.totals.several_offsets:
            return starts, stops
        first, last = (list(map(offset_text, ahead.tolist())) for ahead in (rows.start_offset_s, rows.end_offset_s))
        shown = [ahead if ahead != behind else "" for ahead, behind in zip(first, last, strict=True)]
        starts = [f"{time} {ahead}".strip() for time, ahead in zip(starts, shown, strict=True)]
        return starts, [f"{time} {ahead}" for time, ahead in zip(stops, last, strict=True)]

    def _work(self, rows: DetailedRows) -> list[str]:
        """Return client, project, task and description of each row, and its tags."""
        names = self.context.names
        places = zip(
            each(names.clients, rows.values("project_id")), each(names.projects, rows.values("project_id")), strict=True
        )
        parts = zip(
            map(SEPARATOR.join, (filter(None, place) for place in places)),
            each(names.tasks, rows.values("task_id")),
            map(_one_line, rows.values("description")),
            map(names.tags, rows.values("tag_ids")),
            strict=True,
        )
        tagged = f"{self.context.t(TAGS)}: "
        return [_said(where, task, text, tagged + tags if tags else "") for where, task, text, tags in parts]

    def _durations(self, rows: DetailedRows) -> Column:
        """Return the durations; where some rows are billable and some are not, those that are not say so."""
        column = columns.duration(self.value_format, "duration", self.context.t(DURATION), rows.seconds.tolist())
        if 0 < self.context.totals.billable_seconds < self.context.totals.seconds:
            words = self.context.t(UNBILLABLE).lower()
            texts = zip(column.text, rows.values("billable"), strict=True)
            column.text[:] = [text if billable else f"{text}\n{words}" for text, billable in texts]
        return column

    def _amounts(self, rows: DetailedRows) -> Column:
        priced = zip(rows.shown_cents, rows.currencies, strict=True)
        texts = ["" if cents is None else self.value_format.priced({currency: cents}) for cents, currency in priced]
        return columns.prices("amount", self.context.t(AMOUNT), texts)


def _said(where: str, task: str, description: str, tags: str) -> str:
    """Return what a row was about: "Acme · Website: Design / New head", its tags as a remark below it."""
    said = " / ".join(filter(None, (": ".join(filter(None, (where, task))), description)))
    return "\n".join(filter(None, (said, tags)))


def _one_line(text: str) -> str:
    """Return a text without line breaks, which would begin a remark."""
    return " ".join(text.split())


def layout_of(context: ReportContext, value_format: ValueFormat, *, for_programs: bool) -> "Columns | Paper":
    """Return the columns for programs, or those for people: the usual ones, or those that were chosen."""
    if for_programs or context.query.detailed.columns:
        return Columns(context, value_format, for_programs=for_programs)
    return Paper(context, value_format)


def detailed(layout: Columns | Paper) -> Body:
    """Return the rows of a detailed report; there are columns without rows for programs only."""
    report = layout.context.report
    width = len(layout.columns(NO_ROWS))
    return Body(_tables(report, layout), [layout.total()], report.row_count * width)


async def _tables(report: TimeReport, layout: Columns | Paper) -> AsyncGenerator[Table, None]:
    if isinstance(layout, Paper) and layout.by_day:
        async for table in _tables_by_day(report, layout):
            yield table
        return
    is_empty = True
    with_ids = isinstance(layout, Columns) and layout.shows_ids
    async for run in report.rows:
        if run:
            is_empty = False
            rows = cast("DetailedRows", run)
            if with_ids:
                rows = replace(rows, entry_ids=await report.entry_ids(rows.entries.entries.id))
            yield await in_thread(_table, layout, rows)
    if is_empty and layout.for_programs:
        yield _table(layout, NO_ROWS)


def _table(layout: Columns | Paper, rows: DetailedRows) -> Table:
    return Table(
        columns=layout.columns(rows), groups=[RowGroup(row_count=len(rows))], upright=isinstance(layout, Paper)
    )


async def _tables_by_day(report: TimeReport, layout: Paper) -> AsyncGenerator[Table, None]:
    """Yield the runs with their rows grouped by day; each waits for the next, which may go on with its last day."""
    days = DayGroups(layout)
    held: DetailedRows | None = None
    async for run in report.rows:
        rows = cast("DetailedRows", run)
        if held is not None and len(rows):
            yield await in_thread(days.table, held, rows)
        held = rows if len(rows) else held
    if held is not None:
        yield await in_thread(days.table, held, None)


class DayGroups:
    """Groups of rows by day with their sums, over runs."""

    def __init__(self, layout: Paper) -> None:
        self._layout = layout
        self._calendar = layout.context.calendar
        self._seconds = 0
        self._amounts: dict[str, int] = {}
        self._is_open = False  # the last day of the run before goes on

    def table(self, rows: DetailedRows, following: DetailedRows | None) -> Table:
        """Return a run as a table; the run that follows tells whether its last day goes on."""
        table = Table(columns=self._layout.columns(rows), upright=True)
        days = (rows.start_s // DAY_S).tolist()
        next_day = int(following.start_s[0]) // DAY_S if following is not None else None
        priced = list(zip(rows.shown_cents, rows.currencies, rows.seconds.tolist(), strict=True))
        first = 0
        for day, some in groupby(days):
            count = len(list(some))
            is_last = first + count == len(days)
            group = table.groups.add(row_count=count, continued=self._is_open and not first)
            group.unfinished = is_last and next_day == day
            group.header = self._header(day, count, is_whole=not (group.continued or group.unfinished))
            group.date = (_EPOCH + timedelta(days=day)).isoformat()
            self._add(priced[first : first + count])
            if not group.unfinished:
                self._close(group)
            self._is_open = group.unfinished
            first += count
        return table

    def _header(self, day: int, count: int, *, is_whole: bool) -> str:
        """Return a day with its weekday, and the number of its rows where it is known yet."""
        moment = _EPOCH + timedelta(days=day)
        weekday = self._layout.context.language.clock.weekdays[moment.weekday()]
        return f"{weekday} {self._calendar.day(moment)}{f' : {count}' if is_whole else ''}"

    def _add(self, rows: Sequence[tuple[int | None, str, int]]) -> None:
        for cents, currency, seconds in rows:
            self._seconds += seconds
            if cents is not None:
                self._amounts[currency] = self._amounts.get(currency, 0) + cents

    def _close(self, group: RowGroup) -> None:
        """Give a group the sums of its day."""
        layout = self._layout
        sums = DaySum(self._seconds, self._amounts)
        group.total.CopyFrom(paper_total(layout.context, layout.value_format, TOTAL, sums))
        self._seconds, self._amounts = 0, {}


@dataclass(frozen=True, slots=True)
class DaySum:
    """Seconds of a day, and cents by currency."""

    seconds: int
    amounts: Mapping[str, int]
