"""Schema of a tracker report's JSON beside what is written: every kind of section, of any size."""

from collections.abc import Mapping
from typing import Any

import orjson
from daybook.report.v1.sheet_pb2 import Chart, IntervalChart, Sheet, SheetPart
from hypothesis import given
from jsonschema_rs import Draft202012Validator

from gateway.shapes.report_json import SCHEMAS
from services.generation.reporting.public_json import SheetJson
from tests.builders.any_message import sheets_of_every_kind
from tests.builders.charts import MINUTE_MS, START_MS, bars, intervals, lines, pie

COMPONENTS = {"components": {"schemas": SCHEMAS}}
SHEET = Draft202012Validator({"$ref": "#/components/schemas/Sheet", **COMPONENTS})
WRITTEN = {
    "table",
    "map_table",
    "text",
    "pie_chart",
    "simple_bar_chart",
    "stacked_bar_chart",
    "line_chart",
    "event_timeline",
    "interval_chart",
}


def written(sheet: Sheet) -> dict[str, Any]:
    """Return a sheet's public JSON."""
    part = SheetPart(sheet=sheet, last=True)
    found = orjson.loads(SheetJson(sheet).fragment(part))
    assert isinstance(found, dict)
    return found


def kinds(sections: list[Mapping[str, Any]]) -> set[str]:
    """Return the types of sections."""
    return {section["type"] for section in sections}


def charts() -> Sheet:
    """Return a sheet with a chart of each type; one of its values is unknown."""
    sheet = Sheet(header="Charts")
    simple = bars(["Depot", "Yard"], {"": [2.0, 1.0]})
    simple.kind = Chart.KIND_SIMPLE_BAR
    for chart in (bars(["1", "2"], {"Idle": [60.0, float("nan")]}), simple, pie({"Idle": 60.0, "Off": 0.0})):
        sheet.sections.add(chart=chart)
    line = lines({"Speed": [(0, 50.0), (1, float("nan")), (2, 60.0)]})
    line.gaps.add(start=START_MS, end=START_MS + MINUTE_MS)
    line.markers.add(x=START_MS, label="1")
    line.thresholds.add(y=60, color="#c9503f")
    sheet.sections.add(line_chart=line)
    for is_events in (True, False):
        spans: IntervalChart = intervals({"Online": [(0, 10)], "Offline": [(10, 20)]}, is_events=is_events)
        sheet.sections.add(interval_chart=spans)
    return sheet


def test_charts_of_every_type_follow_the_schema() -> None:
    sheet = written(charts())
    assert WRITTEN - {"table", "map_table", "text"} == kinds(sheet["sections"])
    SHEET.validate(sheet)


@given(sheets_of_every_kind(most_rows=3))
def test_whatever_stands_in_a_sheet_its_json_follows_the_schema(sheet: Sheet) -> None:
    found = written(sheet)
    assert kinds(found["sections"]) <= WRITTEN
    SHEET.validate(found)
