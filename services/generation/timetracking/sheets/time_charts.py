"""Charts above the table on paper: time, or amounts where these are asked for, over days and by shares."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from operator import itemgetter
from typing import Literal, NamedTuple, cast

from daybook.report.v1.sheet_pb2 import Chart, Series

from services.generation.timetracking.directory import project_color
from services.generation.timetracking.entries import NONE
from services.generation.timetracking.group_keys import PERIODS
from services.generation.timetracking.periods import bucket_starts
from services.generation.timetracking.sheets.report_context import WITHOUT, ReportContext
from services.generation.timetracking.sheets.value_format import ValueFormat, money_quantity
from services.generation.timetracking.weeks import DAYS, WeeklyRow
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
AMOUNT_BY_DAY, AMOUNT_BY_PROJECT = _("Amount by day"), _("Amount by project")
BILLABLE, UNBILLABLE, OTHER = _("Billable"), _("Non-billable"), _("Other")
CENTS = 100


class Slice(NamedTuple):
    """One slice of a pie: its seconds or cents; the colour is #rrggbb, empty for one of the renderer's choice."""

    name: str
    value: int
    color: str = ""


def time_charts(context: ReportContext, value_format: ValueFormat) -> Iterator[Chart]:
    """Yield the time of each day, week or month, and the shares of projects or of what a summary is grouped by."""
    yield _over_time(context, value_format)
    yield _distribution(context, value_format)


def amount_charts(context: ReportContext, value_format: ValueFormat, rows: Sequence[WeeklyRow]) -> Iterator[Chart]:
    """Yield the amounts of each day of a week and the shares of projects, apart for each currency."""
    for currency in sorted(context.totals.amounts):
        own = [row for row in rows if row.currency == currency and any(row.amounts_cents or ())]
        if own:
            yield _amounts_by_day(context, value_format, own)
            yield _amounts_by_project(context, value_format, own)


def _over_time(context: ReportContext, value_format: ValueFormat) -> Chart:
    """Return the time of each day, week or month of the range, billable below the rest."""
    totals, t = context.totals, context.t
    billable = [float(bucket.billable_seconds) for bucket in totals.graph]
    others = [float(bucket.seconds - bucket.billable_seconds) for bucket in totals.graph]
    return Chart(
        header=t(OVER_TIME[totals.resolution]),
        kind=Chart.KIND_STACKED_BAR,
        categories=_categories(context),
        series=[
            Series(name=t(BILLABLE), color=BILLABLE_COLOR, values=billable),
            Series(name=t(UNBILLABLE), color=UNBILLABLE_COLOR, values=others),
        ],
        quantity=value_format.chart_time,
        labels=value_format.chart_durations([bucket.seconds for bucket in totals.graph]),
    )


def _amounts_by_day(context: ReportContext, value_format: ValueFormat, rows: Sequence[WeeklyRow]) -> Chart:
    """Return the amounts of each day in the currency of the rows."""
    currency, first = rows[0].currency, context.query.days.first
    cents = [sum(column) for column in zip(*(row.amounts_cents or () for row in rows), strict=True)]
    texts = value_format.amounts(cents, currency)
    return Chart(
        header=f"{context.t(AMOUNT_BY_DAY)}, {currency}",
        kind=Chart.KIND_STACKED_BAR,
        categories=[context.calendar.short_day(first + timedelta(days=place)) for place in range(DAYS)],
        series=[Series(color=BILLABLE_COLOR, values=[number / CENTS for number in cents])],
        quantity=money_quantity(currency),
        labels=[text if number else "" for number, text in zip(cents, texts, strict=True)],
    )


def _amounts_by_project(context: ReportContext, value_format: ValueFormat, rows: Sequence[WeeklyRow]) -> Chart:
    """Return the amounts of projects in the currency of the rows."""
    currency, cents = rows[0].currency, Counter[int]()
    for row in rows:
        cents[row.project_id or NONE] += sum(row.amounts_cents or ())
    slices = _largest(_project_slices(context, cents), context.t(OTHER))
    chart = _pie(f"{context.t(AMOUNT_BY_PROJECT)}, {currency}", slices)
    chart.series.add(values=[one.value / CENTS for one in slices])
    chart.quantity.CopyFrom(money_quantity(currency))
    chart.labels.extend(value_format.priced({currency: one.value}) for one in slices)
    return chart


def _distribution(context: ReportContext, value_format: ValueFormat) -> Chart:
    """Return the shares of projects, or of what a summary is grouped by: the largest, then all others in one.

    Time is what another chart shows, so that a summary by days, weeks or months has the shares of projects.
    """
    grouping = context.query.summary.grouping if context.query.report_type == "summary" else "projects"
    by: By = "projects" if grouping in PERIODS else cast("By", grouping)
    slices = _largest(_slices(context, by), context.t(OTHER))
    chart = _pie(context.t(DISTRIBUTION[by]), slices)
    chart.series.add(values=[float(one.value) for one in slices])
    chart.quantity.CopyFrom(value_format.chart_time)
    chart.labels.extend(value_format.chart_durations([one.value for one in slices]))
    return chart


def _pie(header: str, slices: Sequence[Slice]) -> Chart:
    """Return a pie without its values."""
    return Chart(
        header=header,
        kind=Chart.KIND_PIE,
        categories=[one.name for one in slices],
        colors=[one.color for one in slices] if all(one.color for one in slices) else [],
    )


def _categories(context: ReportContext) -> list[str]:
    """Return the names of the graph's buckets: their months, or their first days."""
    resolution, calendar = context.totals.resolution, context.calendar
    starts = bucket_starts(context.query.days, resolution).astype("datetime64[D]").tolist()
    return [calendar.month(day) if resolution == "month" else calendar.short_day(day) for day in starts]


def _slices(context: ReportContext, by: By) -> list[Slice]:
    """Return slices with time in the order of names, those without a name last."""
    totals, directory = context.totals, context.report.directory
    if by == "projects":
        return _project_slices(context, totals.project_seconds)
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
    else:
        names = {one.id: one.name for one in directory.clients.values()}
        named = _named(names, _client_seconds(context), directory.collate)
    return [Slice(name or nameless, seconds) for _one, name, seconds in named]


def _project_slices(context: ReportContext, values: Mapping[int, int]) -> list[Slice]:
    """Return a slice for each project with a value, in its colour."""
    directory, nameless = context.report.directory, context.t(WITHOUT["projects"])
    colors = {one.id: project_color(one) for one in directory.projects.values()}
    ordered = _named(context.labels.of("projects"), values, directory.collate)
    return [Slice(name or nameless, value, colors.get(one, PLAIN_COLOR)) for one, name, value in ordered]


def _named(names: Mapping[int, str], values: Mapping[int, int], collate: Collate) -> list[tuple[int, str, int]]:
    rows = [(one, names.get(one, ""), value) for one, value in values.items() if value > 0]
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
    ordered = sorted(slices, key=lambda one: -one.value)
    rest = sum(one.value for one in ordered[MOST_SLICES:])
    kept = ordered[:MOST_SLICES]
    if not rest:
        return kept
    return [*kept, Slice(other, rest, REST_COLOR if kept[0].color else "")]
