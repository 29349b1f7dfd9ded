"""Charts in JSON, CSV and workbooks: their numbers, and in XLSX a drawing over them."""

import csv
import io
import json
import math
from datetime import timedelta

import openpyxl
import pytest
from daybook.report.v1.sheet_pb2 import Chart

from services.generation.reporting.chart_json import CHART_COLORS
from services.rendering import theme
from services.rendering.formats.csv.csv_format import Csv
from services.rendering.formats.json.json_format import Json
from services.rendering.formats.xls import Xls
from services.rendering.formats.xlsx.xlsx_format import Xlsx
from tests.builders.charts import EUROS, bars, pie
from tests.builders.sheets import one_sheet, text_table
from tests.workbooks import tabs_of, written

WEEK = bars(["Mon", "Tue"], {"Billable": [3600.0, math.nan], "Other": [1800.0, 90.0]})
SHARES = pie({"Design": 75.0, "=Support": 25.0}, quantity=EUROS, colors=["#112233"])


def json_of(chart: Chart) -> dict[str, object]:
    return json.loads(written(Json(), one_sheet(chart)))["sheets"][0]["sections"][0]


def test_bars_are_json_by_category_and_series() -> None:
    """Reference section 4.2; an unknown value has no raw."""
    expected = {
        "type": "stacked_bar_chart",
        "header": "Time by day",
        "y_axis": {"label": ""},
        "series": [
            {"field": "Billable", "title": "Billable", "color": CHART_COLORS[0]},
            {"field": "Other", "title": "Other", "color": CHART_COLORS[1]},
        ],
        "data": [
            {
                "x": {"v": "Mon"},
                "bars": {"Billable": {"v": "1:00:00", "raw": 3600.0}, "Other": {"v": "0:30:00", "raw": 1800.0}},
            },
            {"x": {"v": "Tue"}, "bars": {"Billable": {"v": "—"}, "Other": {"v": "0:01:30", "raw": 90.0}}},
        ],
    }

    assert expected == json_of(WEEK)


def test_json_and_drawings_have_the_same_colours() -> None:
    """A series without a colour of its own has the same one everywhere."""
    assert theme.CHART_COLOURS == CHART_COLORS


def test_a_pie_is_json_by_slice() -> None:
    """Reference section 4.6: name, text, machine value, percent and colour; ours where the chart has none."""
    found = json_of(SHARES)

    assert ("pie_chart", "Projects") == (found["type"], found["header"])
    first, second = found["data"]
    assert {"name": "Design", "v": "75.00 EUR", "raw": 75.0, "percent": 75.0, "color": "#112233"} == first
    assert ("=Support", 25.0) == (second["name"], second["percent"])
    assert second["color"].startswith("#")


def test_charts_and_other_sections_stand_in_one_list() -> None:
    """Commas and brackets are right around a chart."""
    report = one_sheet(text_table("a"), WEEK, SHARES, text_table("b"))
    sections = json.loads(written(Json(), report))["sheets"][0]["sections"]

    assert ["table", "stacked_bar_chart", "pie_chart", "table"] == [section["type"] for section in sections]


def test_a_chart_is_a_block_of_lines_in_csv() -> None:
    """Categories down, series across, like any table."""
    text = written(Csv(), one_sheet(WEEK), headless=True).decode("utf-8-sig")

    assert [
        ["Sheet"],
        ["Time by day"],
        ["sheet", "group", "row", "", "Billable", "Other"],
        ["Sheet", "", "1", "Mon", "1:00:00", "0:30:00"],
        ["Sheet", "", "2", "Tue", "", "0:01:30"],
    ] == list(csv.reader(io.StringIO(text, newline="")))


@pytest.mark.parametrize("kind", [Xlsx(), Xls()])
def test_a_chart_is_a_table_of_values_in_workbooks(kind: Xlsx | Xls) -> None:
    """Real durations and amounts."""
    rows = tabs_of(written(kind, one_sheet(WEEK, SHARES), headless=True))["Sheet"]

    cells = [[cell for cell in row[:3] if cell != ""] for row in rows]
    assert ["Mon", timedelta(hours=1), timedelta(minutes=30)] in cells
    assert ["Tue", "—", timedelta(seconds=90)] in cells
    assert ["=Support", 25.0] in cells


def test_xlsx_draws_charts_over_the_values() -> None:
    """Stacked columns and a ring whose ranges are the cells written; the tables after them begin below."""
    sheet = openpyxl.load_workbook(
        io.BytesIO(written(Xlsx(), one_sheet(WEEK, SHARES, text_table("last"), header="O'Neil"), headless=True))
    ).worksheets[0]
    columns, ring = sheet._charts

    assert ("stacked", "'O''Neil'!$B$4:$B$5") == (columns.grouping, columns.series[0].val.numRef.f)
    assert "'O''Neil'!$A$4:$A$5" == columns.series[1].cat.strRef.f
    first, last = ring.series[0].val.numRef.f.split("!")[1].replace("$", "").split(":")
    assert [75.0, 25.0] == [row[0].value for row in sheet[first:last]]
    assert (2, 3) == (columns.anchor._from.row, columns.anchor._from.col)
    below = next(cell.row for cell in sheet["A"] if cell.value == "last")
    assert below > ring.anchor._from.row + 15


def test_a_chart_of_nothing_is_left_to_its_titles() -> None:
    """No categories, or no series: nothing is drawn and nothing fails."""
    report = one_sheet(bars([], {"Time": []}), bars(["Mon"], {}), pie({}))

    for kind in (Xlsx(), Xls(), Csv(), Json()):
        assert written(kind, report)


def test_a_long_chart_goes_on_in_the_next_tab_without_a_drawing() -> None:
    """Its numbers are all there."""
    days = [f"day {number}" for number in range(50)]
    data = written(Xlsx(max_rows=30), one_sheet(bars(days, {"Time": [1.0] * 50})), headless=True)

    found = [row[0] for rows in tabs_of(data).values() for row in rows if str(row[0]).startswith("day ")]
    assert days == found
    assert all(not sheet._charts for sheet in openpyxl.load_workbook(io.BytesIO(data)).worksheets)
