"""Public JSON of sheets: its fragments, and the shapes of charts (reference section 4.6)."""

import json
from typing import Any
from unittest.mock import patch

import pytest
from daybook.report.v1 import sheet_pb2 as pb
from hypothesis import given

from services.generation.kit import parts
from services.generation.kit.parts import cut
from services.generation.reporting.public_json import SheetJson
from tests.builders.any_message import sheets_of_every_kind
from tests.builders.sheets import text_column


def written(sheet: pb.Sheet) -> dict[str, Any]:
    """Return the JSON of a sheet, joined from the fragments of its parts."""
    public_json = SheetJson(sheet)
    joined = b"".join([public_json.fragment(part) for part in cut(sheet, 0)])
    return json.loads(joined, parse_constant=pytest.fail)


def section(**content: Any) -> dict[str, Any]:
    """Return the JSON of a section."""
    (only,) = written(pb.Sheet(sections=[pb.Section(**content)]))["sections"]
    return only


@given(sheets_of_every_kind(20))
def test_fragments_join_to_the_json_of_the_whole(sheet: pb.Sheet) -> None:
    """Cutting a sheet changes no value of its JSON, whatever the kinds of its sections."""
    whole = written(sheet)
    with patch.multiple(parts, MAX_ROWS=7, MAX_BYTES=1_000):
        assert whole == written(sheet)


def test_keys_of_rows_and_totals_stand_in_the_published_order() -> None:
    """The end before the start, the time before the length; other cells keep the places of their columns."""
    fields = ["from", "driver", "to", "length", "time", "avg_speed"]
    columns = [pb.Column(field=field, text=["x"]) for field in fields]
    total = pb.Total(text="In total:", cells=[pb.TotalCell(field=one, text="x") for one in ("length", "idle", "time")])
    table = section(table=pb.Table(columns=columns, groups=[pb.RowGroup(row_count=1, total=total)]))
    (group,) = table["data"]

    assert ["to", "driver", "from", "time", "length", "avg_speed"] == list(group["rows"][0])
    assert ["text", "time", "idle", "length"] == list(group["total"])
    assert fields == [column["field"] for column in table["columns"]]


@pytest.mark.parametrize("groups", [[], [pb.RowGroup(row_count=2)]])
def test_rows_of_no_group_are_a_group_of_their_own(groups: list[pb.RowGroup]) -> None:
    """They stand behind the others, over all parts of the table."""
    table = pb.Table(columns=[text_column(list("abcdefghij"))], groups=groups)
    with patch.multiple(parts, MAX_ROWS=3):
        data = section(table=table)["data"]

    assert [10] if not groups else [2, 8] == [len(group["rows"]) for group in data]


def test_a_line_chart_is_points_by_series() -> None:
    """An unknown value is null, a series without a colour has one."""
    chart = pb.LineChart(
        header="Speed",
        x_axis=pb.XAxis(kind=pb.XAxis.KIND_TIME, label="Time"),
        y_axes=[pb.YAxis(label="Speed", quantity=pb.Quantity(unit="km/h"))],
        series=[pb.LineSeries(name="Speed", color="#112233", x=[1, 2], y=[5, float("nan")])],
        gaps=[pb.Gap(start=3, end=4)],
        markers=[pb.Marker(x=1, label="1", kind=pb.Marker.KIND_FILLING)],
        thresholds=[pb.Threshold(y=60, color="#ff0000", label="limit")],
    )

    assert {
        "type": "line_chart",
        "header": "Speed",
        "x_axis": {"type": "time", "label": "Time"},
        "y_axes": [{"label": "Speed", "unit": "km/h"}],
        "series": [{"name": "Speed", "axis": 0, "color": "#112233", "points": [[1.0, 5.0], [2.0, None]]}],
        "gaps": [[3.0, 4.0]],
        "markers": [{"x": 1.0, "label": "1", "kind": "filling"}],
        "thresholds": [{"y": 60.0, "color": "#ff0000"}],
    } == section(line_chart=chart)


def test_intervals_name_their_state_and_events_their_lane() -> None:
    """Identifiers are untranslated, names are for readers."""
    lanes = [pb.Lane(id="online", name="Online"), pb.Lane(id="offline", name="Offline")]
    chart = pb.IntervalChart(lanes=lanes, lane=[1, 0], start=[1, 5], end=[5, 9])
    events = pb.IntervalChart(kind=pb.IntervalChart.KIND_EVENTS, lanes=lanes, lane=[1, 1], start=[1, 5], end=[1, 5])

    assert {
        "type": "interval_chart",
        "intervals": [
            {"from": 1.0, "to": 5.0, "state": "offline", "name": "Offline"},
            {"from": 5.0, "to": 9.0, "state": "online", "name": "Online"},
        ],
    } == section(interval_chart=chart)
    assert {
        "type": "event_timeline",
        "lanes": [
            {"event": "online", "name": "Online", "points": []},
            {"event": "offline", "name": "Offline", "points": [1.0, 5.0]},
        ],
    } == section(interval_chart=events)


def test_bars_by_day_hold_the_moment_and_simple_bars_their_titles() -> None:
    """Machine values stand beside the texts."""
    days = pb.Chart(
        categories=["Mon"],
        category_values=[86_400_000],
        series=[pb.Series(name="Trips", field="n", values=[2]), pb.Series(field="h", values=[1.5], labels=["1,5"])],
    )
    rating = pb.Chart(
        kind=pb.Chart.KIND_SIMPLE_BAR, categories=["Ann"], series=[pb.Series(values=[4.5])], labels=["4.5"]
    )

    bars = {"n": {"v": "2", "raw": 2.0}, "h": {"v": "1,5", "raw": 1.5}}
    assert [{"x": {"v": "Mon", "raw": 86_400_000.0}, "bars": bars}] == section(chart=days)["data"]
    assert {"type": "simple_bar_chart", "bars": [{"title": "Ann", "x": {"v": "4.5", "raw": 4.5}}]} == section(
        chart=rating
    )
