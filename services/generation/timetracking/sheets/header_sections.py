"""Sections above the table on paper: the range, the totals and two charts."""

from collections.abc import Iterator, Mapping, Sequence
from operator import itemgetter
from typing import Literal, NamedTuple, cast

from daybook.report.v1.sheet_pb2 import Chart, MapRow, MapTable, Quantity, Section, Series, Text

from services.generation.timetracking.directory import project_color
from services.generation.timetracking.entries import NONE
from services.generation.timetracking.group_keys import PERIODS
from services.generation.timetracking.periods import bucket_starts
from services.generation.timetracking.sheets.report_context import WITHOUT, ReportContext
from services.generation.timetracking.sheets.summary import client_table
from services.generation.timetracking.sheets.value_format import Calendar, ValueFormat, money_quantity
from services.generation.words.catalogue import mark as _
from services.generation.words.collation import Collate

By = Literal["projects", "clients", "users", "tags", "billable"]
MOST_SLICES = 10  # before the rest becomes one slice more
PLAIN_COLOR, REST_COLOR = "#525266", "#9aa5b1"  # of what has no project, of the rest
BILLABLE_COLOR, UNBILLABLE_COLOR = "#2c6fbb", "#a9c6e8"
OVER_TIME = {"day": _("Time by day"), "week": _("Time by week"), "month": _("Time by month")}
DISTRIBUTION: Mapping[By, str] = {
    "projects": _("Time by project"),
    "clients": _("Time by client"),
    "users": _("Time by user"),
    "tags": _("Time by tags"),
    "billable": _("Billable and other time"),
}
BILLABLE, UNBILLABLE, OTHER = _("Billable"), _("Non-billable"), _("Other")


class Slice(NamedTuple):
    """One slice of a pie; the colour is #rrggbb, empty for one of the renderer's choice."""

    name: str
    seconds: int
    color: str = ""


def over_time(context: ReportContext, calendar: Calendar, value_format: ValueFormat) -> Chart:
    """Return the time of each day, week or month of the range, billable below the rest."""
    totals, t = context.totals, context.t
    billable = [float(bucket.billable_seconds) for bucket in totals.graph]
    others = [float(bucket.seconds - bucket.billable_seconds) for bucket in totals.graph]
    return Chart(
        header=t(OVER_TIME[totals.resolution]),
        kind=Chart.KIND_STACKED_BAR,
        categories=_categories(context, calendar),
        series=[
            Series(name=t(BILLABLE), color=BILLABLE_COLOR, values=billable),
            Series(name=t(UNBILLABLE), color=UNBILLABLE_COLOR, values=others),
        ],
        quantity=value_format.chart_time,
        labels=value_format.chart_durations([bucket.seconds for bucket in totals.graph]),
    )


def distribution(context: ReportContext, value_format: ValueFormat) -> Chart:
    """Return the shares of projects, or of what a summary is grouped by: the largest, then all others in one.

    Time is what another chart shows, so that a summary by days, weeks or months has the shares of projects.
    """
    grouping = context.query.summary.grouping if context.query.report_type == "summary" else "projects"
    by: By = "projects" if grouping in PERIODS else cast("By", grouping)
    slices = _largest(_slices(context, by), context.t(OTHER))
    return Chart(
        header=context.t(DISTRIBUTION[by]),
        kind=Chart.KIND_PIE,
        categories=[one.name for one in slices],
        series=[Series(values=[float(one.seconds) for one in slices])],
        quantity=value_format.chart_time,
        labels=value_format.chart_durations([one.seconds for one in slices]),
        colors=[one.color for one in slices] if all(one.color for one in slices) else [],
    )


def _categories(context: ReportContext, calendar: Calendar) -> list[str]:
    """Return the names of the graph's buckets: their months, or their first days."""
    resolution = context.totals.resolution
    starts = bucket_starts(context.query.days, resolution).astype("datetime64[D]").tolist()
    return [calendar.month(day) if resolution == "month" else calendar.short_day(day) for day in starts]


def _slices(context: ReportContext, by: By) -> list[Slice]:
    """Return slices with time in the order of names, those without a name last."""
    totals, directory = context.totals, context.report.directory
    if by == "billable":
        others = totals.seconds - totals.billable_seconds
        both = ((BILLABLE, totals.billable_seconds, BILLABLE_COLOR), (UNBILLABLE, others, UNBILLABLE_COLOR))
        return [Slice(context.t(word), seconds, color) for word, seconds, color in both if seconds]
    nameless = context.t(WITHOUT[by])
    if by == "tags":
        sets = sorted(totals.tag_seconds.items(), key=itemgetter(0))
        return [Slice(context.names.tags(ids) or nameless, seconds) for ids, seconds in sets if seconds]
    if by == "users":
        named = _named(context.labels.of("users"), totals.user_seconds, directory.collate)
    elif by == "clients":
        named = _named(
            {one.id: one.name for one in directory.clients.values()}, _client_seconds(context), directory.collate
        )
    else:
        colors = {one.id: project_color(one) for one in directory.projects.values()}
        ordered = _named(context.labels.of("projects"), totals.project_seconds, directory.collate)
        return [Slice(name or nameless, seconds, colors.get(one, PLAIN_COLOR)) for one, name, seconds in ordered]
    return [Slice(name or nameless, seconds) for _one, name, seconds in named]


def _named(names: Mapping[int, str], seconds: Mapping[int, int], collate: Collate) -> list[tuple[int, str, int]]:
    rows = [(one, names.get(one, ""), count) for one, count in seconds.items() if count > 0]
    return sorted(rows, key=lambda row: (not row[1], collate(row[1]), row[0]))


def _client_seconds(context: ReportContext) -> Mapping[int, int]:
    """Return the seconds of each client; those of projects without one, and of none, under NONE."""
    projects, found = context.report.directory.projects, dict[int, int]()
    for project_id, seconds in context.totals.project_seconds.items():
        project = projects.get(project_id)
        client_id = project.client_id if project else NONE
        found[client_id] = found.get(client_id, 0) + seconds
    return found


def _largest(slices: Sequence[Slice], other: str) -> list[Slice]:
    """Return slices by size; those past the limit become one."""
    ordered = sorted(slices, key=lambda one: -one.seconds)
    rest = sum(one.seconds for one in ordered[MOST_SLICES:])
    kept = ordered[:MOST_SLICES]
    if not rest:
        return kept
    return [*kept, Slice(other, rest, REST_COLOR if kept[0].color else "")]


TOTAL_TIME, BILLABLE_TIME = _("Total time"), _("Billable time")
AMOUNT, TRACKED_DAYS = _("Amount"), _("Days with time")
NO_TIME_ENTRIES = _("No time entries")


def front(context: ReportContext, value_format: ValueFormat) -> Iterator[Section]:
    """Yield the sections above the table; a report without rows has a note instead of charts."""
    calendar = context.calendar
    yield Section(map_table=MapTable(rows=_totals(context, value_format)))
    if not context.report.row_count:
        yield Section(text=Text(text=context.t(NO_TIME_ENTRIES)))
    elif context.totals.seconds:
        if context.report.clients:
            yield Section(table=client_table(context.report.clients, context, value_format))
        yield Section(chart=over_time(context, calendar, value_format))
        yield Section(chart=distribution(context, value_format))


def _totals(context: ReportContext, value_format: ValueFormat) -> Iterator[MapRow]:
    totals, t = context.totals, context.t
    yield _duration(t(TOTAL_TIME), totals.seconds, value_format)
    yield _duration(t(BILLABLE_TIME), totals.billable_seconds, value_format)
    if not context.query.hide_amounts:
        workspace = context.report.directory.workspace
        amounts = totals.amounts or {workspace.currency_code: 0}
        for currency in sorted(amounts):
            text = value_format.priced({currency: amounts[currency]})
            name = f"{t(AMOUNT)}, {currency}" if len(amounts) > 1 else t(AMOUNT)
            yield MapRow(name=name, text=text, raw=amounts[currency] / 100, quantity=money_quantity(currency))
    days = totals.tracked_days
    number = Quantity(kind=Quantity.KIND_NUMBER)
    yield MapRow(name=t(TRACKED_DAYS), text=str(days), raw=days, quantity=number)


def _duration(name: str, seconds: int, value_format: ValueFormat) -> MapRow:
    return MapRow(
        name=name,
        text=value_format.durations([seconds])[0],
        raw=seconds,
        quantity=value_format.time,
    )
