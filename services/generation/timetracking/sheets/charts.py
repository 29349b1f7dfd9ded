"""Charts of time: over the range by day, week or month, and how it is distributed."""

from collections.abc import Mapping, Sequence
from typing import Literal, NamedTuple

from daybook.report.v1.sheet_pb2 import Chart, Quantity, Series

from services.generation.timetracking.computation.entries import NONE
from services.generation.timetracking.computation.graph_buckets import bucket_starts
from services.generation.timetracking.computation.project_colors import project_color
from services.generation.timetracking.sheets.calendar import Calendar
from services.generation.timetracking.sheets.entity_labels import WITHOUT
from services.generation.timetracking.sheets.report_context import ReportContext
from services.generation.timetracking.sheets.value_format import clock_text
from services.generation.words.catalogue import mark as _

By = Literal["projects", "clients", "users"]

MOST_SLICES = 10  # before the rest becomes one slice more
PLAIN_COLOR, REST_COLOR = "#525266", "#9aa5b1"  # of what has no project, of the rest
BILLABLE_COLOR, UNBILLABLE_COLOR = "#2c6fbb", "#a9c6e8"

OVER_TIME = {"day": _("Time by day"), "week": _("Time by week"), "month": _("Time by month")}
DISTRIBUTION = {"projects": _("Time by project"), "clients": _("Time by client"), "users": _("Time by user")}
BILLABLE, UNBILLABLE, OTHER = _("Billable"), _("Non-billable"), _("Other")


class Slice(NamedTuple):
    """One slice of a pie; the colour is #rrggbb, empty for one of the renderer's choice."""

    name: str
    seconds: int
    color: str = ""


def over_time(subject: ReportContext, calendar: Calendar) -> Chart:
    """Return the time of each day, week or month of the range, billable below the rest."""
    totals, t = subject.totals, subject.t
    billable = [float(bucket.billable_seconds) for bucket in totals.graph]
    others = [float(bucket.seconds - bucket.billable_seconds) for bucket in totals.graph]
    return Chart(
        header=t(OVER_TIME[totals.resolution]),
        kind=Chart.KIND_STACKED_BAR,
        categories=_categories(subject, calendar),
        series=[
            Series(name=t(BILLABLE), color=BILLABLE_COLOR, values=billable),
            Series(name=t(UNBILLABLE), color=UNBILLABLE_COLOR, values=others),
        ],
        quantity=Quantity(kind=Quantity.KIND_DURATION),
        labels=[clock_text(bucket.seconds) if bucket.seconds else "" for bucket in totals.graph],
    )


def distribution(subject: ReportContext) -> Chart:
    """Return the shares of projects, or of what a summary is grouped by: the largest, then all others in one."""
    by: By = subject.ask.grouping.by if subject.ask.report_type == "summary" else "projects"
    slices = _largest(_slices(subject, by), subject.t(OTHER))
    return Chart(
        header=subject.t(DISTRIBUTION[by]),
        kind=Chart.KIND_PIE,
        categories=[one.name for one in slices],
        series=[Series(values=[float(one.seconds) for one in slices])],
        quantity=Quantity(kind=Quantity.KIND_DURATION),
        labels=[clock_text(one.seconds) for one in slices],
        colors=[one.color for one in slices] if all(one.color for one in slices) else [],
    )


def _categories(subject: ReportContext, calendar: Calendar) -> list[str]:
    """Return the names of the graph's buckets: their months, or their first days."""
    resolution = subject.totals.resolution
    starts = bucket_starts(subject.ask.days, resolution).astype("datetime64[D]").tolist()
    return [calendar.month(day) if resolution == "month" else calendar.short_day(day) for day in starts]


def _slices(subject: ReportContext, by: By) -> list[Slice]:
    """Return what has time, in the order of names, that without a name last."""
    totals, directory, nameless = subject.totals, subject.report.directory, subject.t(WITHOUT[by])
    if by == "users":
        named = _named(subject.names.users, totals.user_seconds)
    elif by == "clients":
        named = _named({one.id: one.name for one in directory.clients.values()}, _client_seconds(subject))
    else:
        colors = {one.id: project_color(one) for one in directory.projects.values()}
        ordered = _named(subject.names.projects, totals.project_seconds)
        return [Slice(name or nameless, seconds, colors.get(one, PLAIN_COLOR)) for one, name, seconds in ordered]
    return [Slice(name or nameless, seconds) for _one, name, seconds in named]


def _named(names: Mapping[int, str], seconds: Mapping[int, int]) -> list[tuple[int, str, int]]:
    rows = [(one, names.get(one, ""), count) for one, count in seconds.items() if count > 0]
    return sorted(rows, key=lambda row: (not row[1], row[1].casefold(), row[0]))


def _client_seconds(subject: ReportContext) -> Mapping[int, int]:
    """Return the seconds of each client; those of projects without one, and of none, under NONE."""
    projects, found = subject.report.directory.projects, dict[int, int]()
    for project_id, seconds in subject.totals.project_seconds.items():
        project = projects.get(project_id)
        client_id = (project.client_id if project else None) or NONE
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
