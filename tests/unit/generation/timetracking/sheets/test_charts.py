"""Charts of time."""

from collections.abc import Mapping
from typing import Any

from daybook.input.v1.workspace_pb2 import Project
from daybook.report.v1.sheet_pb2 import Chart

from services.generation.timetracking.directory import Directory, default_color
from services.generation.timetracking.query import TimeReportQuery
from services.generation.timetracking.totals import Bucket
from tests.builders.time_entries import INSIDE, SITE, days, directory, member
from tests.unit.generation.timetracking.sheets.reports import (
    ASK,
    asked,
    group,
    part,
    report,
    row,
    sections,
    totals,
    week,
)

PIE_COLORS = ["#0b83d9", "#d94182", "#525266"]


def charts(query: TimeReportQuery = ASK, where: Directory | None = None, **fields: object) -> list[Chart]:
    """Return the charts of a report with such totals."""
    shown = sections(report([row()], query=query, where=where, whole=totals(**fields)))
    return [section.chart for section in shown if section.HasField("chart")]


def pie(seconds: Mapping[str, Any], by: str = "projects", where: Directory | None = None, title: str = "") -> Chart:
    """Return the distribution of a summary that has one group."""
    query = asked("summary", grouping=by)
    whole = totals(**seconds)
    shown = sections(report([group(None, title, part(None, 60))], query=query, where=where, whole=whole))
    return [section.chart for section in shown if section.HasField("chart")][1]


def test_bars_show_billable_time_below_the_rest() -> None:
    """Each bucket has its billable and its other seconds, and its total above."""
    bars = charts()[0]
    assert (Chart.KIND_STACKED_BAR, "Time by day") == (bars.kind, bars.header)
    assert [("Billable", [3600.0, *[0.0] * 6]), ("Non-billable", [1800.0, *[0.0] * 6])] == [
        (series.name, list(series.values)) for series in bars.series
    ]
    assert ["1:30", *[""] * 6] == list(bars.labels)
    assert ["01/05", "01/06", "01/07", "01/08", "01/09", "01/10", "01/11"] == list(bars.categories)


def test_weeks_are_named_by_their_first_day() -> None:
    """Weeks begin on Monday, but the first with the range."""
    span = days("2026-01-07", "2026-01-20")
    query = asked("detailed", days=span, date_format="DD.MM.YYYY")
    bars = charts(query, resolution="week", graph=[Bucket(60), Bucket(), Bucket()])[0]
    assert ("Time by week", ["07.01", "12.01", "19.01"]) == (bars.header, list(bars.categories))


def test_months_have_their_years() -> None:
    """Months are named without days."""
    query = asked("detailed", days=days("2025-11-15", "2026-01-01"), date_format="YYYY-MM-DD")
    bars = charts(query, resolution="month", graph=[Bucket(60), Bucket(), Bucket()])[0]
    assert ("Time by month", ["2025-11", "2025-12", "2026-01"]) == (bars.header, list(bars.categories))


def test_a_pie_shows_projects_in_their_colours() -> None:
    """The largest comes first; time without a project has a colour of its own."""
    ring = charts(project_seconds={0: 60, 8: 600, 7: 3600})[1]
    assert (Chart.KIND_PIE, "Time by project") == (ring.kind, ring.header)
    assert ["Site", "Inside", "Without project"] == list(ring.categories)
    assert [3600.0, 600.0, 60.0] == list(ring.series[0].values)
    assert PIE_COLORS == list(ring.colors)
    assert ["1:00", "0:10", "0:01"] == list(ring.labels)


def test_a_project_without_a_colour_gets_one() -> None:
    """A project that was given no colour has the one that the API shows for it."""
    ring = charts(where=directory(projects=[Project(id=1, name="Plain")]), project_seconds={1: 60})[1]
    assert [default_color(1)] == list(ring.colors)


def test_a_pie_has_at_most_ten_slices_and_the_rest() -> None:
    """Values past the ten largest become one slice."""
    many = [Project(id=one, name=f"P{one:02d}", color="#112233") for one in range(1, 13)]
    ring = charts(where=directory(projects=many), project_seconds={one.id: 100 - one.id for one in many})[1]
    assert 11 == len(ring.categories) == len(ring.colors)
    assert ("Other", 89.0 + 88.0) == (ring.categories[-1], ring.series[0].values[-1])


def test_a_summary_is_distributed_by_its_grouping() -> None:
    """Clients and members have shares of their own; clients those of their projects."""
    again = Project(id=9, name="Shop", client_id=5)
    where = directory(projects=(SITE, INSIDE, again))
    clients = pie({"project_seconds": {0: 1, 7: 60, 8: 2, 9: 30}}, "clients", where)
    assert [("Acme", 90.0), ("Without client", 3.0)] == slices(clients)
    assert [("Bob", 50.0), ("Ann", 40.0)] == slices(pie({"user_seconds": {11: 40, 12: 50}}, "users"))
    assert [] == list(clients.colors)


def test_a_summary_by_tags_or_by_what_is_billable_is_distributed_so() -> None:
    """One by days has the shares of projects beside the chart of its days."""
    sets = {(): 10, (3,): 600, (3, 4): 30}
    assert [("urgent", 600.0), ("calm, urgent", 30.0), ("Without tags", 10.0)] == slices(
        pie({"tag_seconds": sets}, "tags")
    )
    money = pie({"seconds": 5400, "billable_seconds": 3600}, "billable", title="billable")
    assert [("Billable", 3600.0), ("Non-billable", 1800.0)] == slices(money)
    assert 2 == len(money.colors)
    assert [("Site", 5400.0)] == slices(pie({}, "days", title="2026-01-05"))


def test_the_same_report_gives_the_same_slices() -> None:
    """Equal shares are in the order of names, whatever order they were counted in."""
    twins = directory(members=[member(1, "Zoe"), member(2, "amy")])
    assert [("amy", 5.0), ("Zoe", 5.0)] == slices(pie({"user_seconds": {1: 5, 2: 5}}, "users", twins))


def slices(chart: Chart) -> list[tuple[str, float]]:
    return list(zip(chart.categories, chart.series[0].values, strict=True))


def test_amounts_are_charted_where_they_are_asked_for() -> None:
    """Those of each currency apart, over the seven days and by project; time is not."""
    rows = [
        week(11, 7, 3600, cents=[5000, 2500]),
        week(12, None, 3600, cents=[0, 1000]),
        week(12, 8, 3600, currency="JPY", cents=[120_000]),
        week(12, 7, 3600, currency="USD"),
    ]
    query, whole = asked("weekly", calculate="amounts"), totals(amounts={"JPY": 120_000, "EUR": 8500, "USD": 0})
    charted = [one.chart for one in sections(report(rows, query=query, whole=whole)) if one.HasField("chart")]

    assert [
        ("Amount by day, EUR", [50.0, 35.0, *[0.0] * 5], ["50.00", "35.00", *[""] * 5]),
        ("Amount by project, EUR", [75.0, 10.0], ["75.00 EUR", "10.00 EUR"]),
        ("Amount by day, JPY", [1200.0, *[0.0] * 6], ["1,200", *[""] * 6]),
        ("Amount by project, JPY", [1200.0], ["1,200 JPY"]),
    ] == [(one.header, list(one.series[0].values), list(one.labels)) for one in charted]
    assert [["Site", "Without project"], ["Inside"]] == [list(one.categories) for one in charted[1::2]]


def test_time_is_charted_where_amounts_are_hidden() -> None:
    """Whatever was asked for."""
    query = asked("weekly", calculate="amounts", hide_amounts=True)
    shown = sections(report([week(11, 7, 3600)], query=query))
    assert ["Time by day", "Time by project"] == [one.chart.header for one in shown if one.HasField("chart")]
