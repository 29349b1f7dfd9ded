"""Charts in JSON, CSV and workbooks: their numbers, and in XLSX a drawing over them."""

import io
import json
import math
import re
import zipfile
from datetime import datetime, timedelta
from pathlib import Path

import openpyxl
import pytest
from daybook.report.v1.sheet_pb2 import Chart, IntervalChart, LineChart, Marker, Section, Sheet, SheetPart

from services.rendering.formats.base import Format
from services.rendering.formats.csv.csv_format import Csv
from services.rendering.formats.json.json_format import Json
from services.rendering.formats.pdf.pdf_format import Pdf
from services.rendering.formats.xls import Xls
from services.rendering.formats.xlsx.xlsx_format import Xlsx
from services.runtime.chart_values import CHART_COLOURS
from services.runtime.slices import Slicer
from tests.builders.charts import EUROS, MINUTE_MS, SPEED, START_MS, bars, intervals, lines, pie
from tests.builders.tables import ZONE, one_sheet, section_of, text_table
from tests.builders.workbooks import csv_blocks, tabs_of, written

WEEK = bars(["Mon", "Tue"], {"Billable": [3600.0, math.nan], "Other": [1800.0, 90.0]})
START = datetime(2020, 10, 6)  # noqa: DTZ001  cells know no zones
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
            {"field": "Billable", "title": "Billable", "color": CHART_COLOURS[0]},
            {"field": "Other", "title": "Other", "color": CHART_COLOURS[1]},
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
    assert [
        ["Sheet"],
        ["Time by day"],
        ["sheet", "group", "row", "", "Billable", "Other"],
        ["Sheet", "", "1", "Mon", "1:00:00", "0:30:00"],
        ["Sheet", "", "2", "Tue", "", "0:01:30"],
    ] == csv_blocks(one_sheet(WEEK))


@pytest.mark.parametrize("kind", [Xlsx(), Xls()])
def test_a_chart_is_a_table_of_values_in_workbooks(kind: Xlsx | Xls) -> None:
    """Real durations and amounts."""
    rows = tabs_of(written(kind, one_sheet(WEEK, SHARES), headless=True))["Sheet"]

    cells = [[cell for cell in row[:3] if cell != ""] for row in rows]
    assert ["Mon", timedelta(hours=1), timedelta(minutes=30)] in cells
    assert ["Tue", "—", timedelta(seconds=90)] in cells
    assert ["=Support", 25.0] in cells


def test_charts_of_xlsx_are_described_in_words() -> None:
    """As those of PDF files are: a reader who does not see them is told their figures."""
    file = zipfile.ZipFile(io.BytesIO(written(Xlsx(), one_sheet(SHARES), headless=True)))
    drawing = file.read("xl/drawings/drawing1.xml").decode()

    assert "(75%)" in re.findall(r'descr="([^"]*)"', drawing)[0]


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


def track() -> LineChart:
    """Return a line in two pieces over a day, with a limit and a filling."""
    chart = lines({"Van": [(0, 10.0), (20, 20.0), (300, 30.0), (310, 25.5)]})
    chart.thresholds.add(y=60, label="Limit", color="#112233")
    chart.markers.add(x=START_MS + 20 * MINUTE_MS, label="1", kind=Marker.KIND_FILLING)
    return chart


def test_lines_and_intervals_are_tables_in_csv() -> None:
    """A row for each point or interval, with moments and numbers for programs."""
    report = one_sheet(track(), intervals({"Online": [(0, 60)], "Offline": [(60, 90)]}))
    rows = csv_blocks(report)

    assert ["Sheet", "", "2", "Van", "2020-10-06 00:20:00", "20"] in rows
    assert ["Sheet", "", "4", "Van", "2020-10-06 05:10:00", "25.5"] in rows
    assert ["Sheet", "", "2", "Offline", "2020-10-06 01:00:00", "2020-10-06 01:30:00"] in rows


def test_lines_and_intervals_are_tables_in_xls() -> None:
    """Real moments and numbers."""
    rows = tabs_of(written(Xls(), one_sheet(track(), intervals({"Online": [(5, 60)]})), headless=True))["Sheet"]

    assert ["Van", START + timedelta(minutes=310), 25.5] in rows
    assert ["Online", START + timedelta(minutes=5), START + timedelta(hours=1)] in rows


def test_xlsx_draws_lines_over_points_that_are_folded_away() -> None:
    """An empty row parts the pieces of a line; limits and markers are series of their own; the next table is below."""
    data = written(Xlsx(), one_sheet(track(), text_table("last")), headless=True)
    sheet = openpyxl.load_workbook(io.BytesIO(data)).worksheets[0]
    (chart,) = sheet._charts
    line, limit, marker = chart.series

    first, last = line.yVal.numRef.f.split("!")[1].replace("$", "").split(":")
    assert [10.0, 20.0, None, 30.0, 25.5] == [row[0].value for row in sheet[first:last]]
    assert all(sheet.row_dimensions[row].hidden for row in range(int(first[1:]), int(last[1:]) + 1))
    assert ("112233", "dash") == (limit.spPr.ln.solidFill.srgbClr, limit.spPr.ln.prstDash)
    assert "diamond" == marker.marker.symbol
    assert (0.0, 60.0) == (chart.y_axis.scaling.min, chart.y_axis.scaling.max)
    below = next(cell.row for cell in sheet["A"] if cell.value == "last")
    assert below > int(marker.yVal.numRef.f.rsplit("$", 1)[1])
    assert not sheet.row_dimensions[below].hidden


def test_xlsx_draws_a_second_axis_and_lone_points() -> None:
    """Lines of another unit stand on the right; a point without neighbours is a dot."""
    chart = lines({"Speed": [(0, 10.0), (1, 20.0)], "Lone": [(0, 1.0)]})
    chart.y_axes.add(label="Mileage", quantity=EUROS)
    chart.series[1].axis = 1
    sheet = openpyxl.load_workbook(io.BytesIO(written(Xlsx(), one_sheet(chart), headless=True))).worksheets[0]

    assert 2 == len(sheet._charts[0]._charts)
    right = sheet._charts[0]._charts[1].series
    assert [None, "circle"] == [series.marker and series.marker.symbol for series in right]


def test_the_legend_of_xlsx_has_the_lines_of_both_axes_and_no_marks() -> None:
    """Programs count the series of the left axis first; the title of the right one names all its units."""
    chart = track()
    chart.series.extend(lines({"Cost": [(0, 1.0), (1, 2.0)], "Way": [(0, 1.0), (1, 2.0)]}).series)
    chart.series[1].axis, chart.series[2].axis = 1, 2
    chart.y_axes.add(label="Cost", quantity=EUROS)
    chart.y_axes.add(label="Way", quantity=SPEED)
    sheet = openpyxl.load_workbook(io.BytesIO(written(Xlsx(), one_sheet(chart), headless=True))).worksheets[0]
    (drawn,) = sheet._charts
    hidden = {entry.idx for entry in drawn.legend.legendEntry}
    series = [one for part in drawn._charts for one in part.series]

    assert ["Van", "Limit", "Cost", "Way"] == [one.tx.v for one in series if one.idx not in hidden]
    title = drawn._charts[1].y_axis.title.tx.rich.p[0].r[0].t
    assert "Cost, EUR; Way, km/h" == title


def test_the_legend_of_xlsx_has_no_series_without_values() -> None:
    """Nor a slice of nothing; without any entry there is none."""
    stacked = bars(["Mon", "Tue"], {"Billable": [1.0, 2.0], "Non-billable": [0.0, 0.0]})
    shares = pie({"Design": 0.0, "Support": 25.0})
    nothing = bars(["Mon"], {"Time": [0.0]})
    sheet = openpyxl.load_workbook(io.BytesIO(written(Xlsx(), one_sheet(stacked, shares, nothing)))).worksheets[-1]

    assert [[1], [0]] == [[one.idx for one in chart.legend.legendEntry] for chart in sheet._charts[:2]]
    assert sheet._charts[2].legend is None


def test_labels_of_axes_in_xlsx_are_level_and_thinned() -> None:
    """As many as fit side by side: each of a week, not each of two months."""
    week, months = (bars([f"{day:02d}.01.2026" for day in range(count)], {"": [1.0] * count}) for count in (7, 60))
    book = openpyxl.load_workbook(io.BytesIO(written(Xlsx(), one_sheet(week, months), headless=True)))
    axes = [chart.x_axis for chart in book.worksheets[0]._charts]

    assert [(0, "horz")] * 2 == [(axis.txPr.bodyPr.rot, axis.txPr.bodyPr.vert) for axis in axes]
    assert [1, 7] == [axis.tickLblSkip for axis in axes]


def test_xlsx_draws_a_lane_for_each_state() -> None:
    """The first at the top; intervals of a lane are apart."""
    chart = intervals({"Online": [(0, 60), (120, 180)], "Offline": [(60, 120)]})
    sheet = openpyxl.load_workbook(io.BytesIO(written(Xlsx(), one_sheet(chart), headless=True))).worksheets[0]
    found = [row for row in sheet.iter_rows(values_only=True) if row[0] == "Online"]

    assert [(START, 2.0), (START + timedelta(hours=1), 2.0), (None, None)] == [row[1:3] for row in found[:3]]
    assert ["Online", "Offline"] == [
        series.tx.strRef.f if series.tx.strRef else series.tx.v for series in sheet._charts[0].series
    ]


@pytest.mark.parametrize("kind", [Xlsx(), Xls(), Csv(), Pdf()])
def test_a_chart_that_comes_in_pieces_is_whole_in_a_file(kind: Format) -> None:
    """Cut at any row, alone or beside others in a part."""
    sections = [section_of(one) for one in (track(), intervals({"On": [(n, n) for n in range(9)]}), WEEK, SHARES)]
    head, (whole,) = one_sheet()
    whole.sheet.sections.extend(sections)
    pieces = [piece for section in sections for piece in cut(section, 2)]
    parts = [
        SheetPart(part_index=place, sheet=Sheet(header="Sheet", time_zone=ZONE, sections=[piece]))
        for place, piece in enumerate(pieces)
    ]

    assert len(pieces) > 2 * len(sections) - 1
    assert written(kind, (head, [whole])) == written(kind, (head, parts))


def cut(section: Section, rows: int) -> list[Section]:
    """Return a section in slices of so many rows."""
    slicer = Slicer(section)
    return [slicer.cut(start, min(start + rows, slicer.length)) for start in range(0, slicer.length, rows)]


def test_a_chart_of_nothing_is_left_to_its_titles() -> None:
    """No categories, or no series: nothing is drawn and nothing fails."""
    empty = [lines({}), lines({"a": []}), LineChart(), IntervalChart(), intervals({"a": []})]
    report = one_sheet(bars([], {"Time": []}), bars(["Mon"], {}), pie({}), *empty)

    for kind in (Xlsx(), Xls(), Csv(), Json()):
        assert written(kind, report)


def test_a_long_chart_goes_on_in_the_next_tab_without_a_drawing() -> None:
    """Its numbers are all there."""
    days = [f"day {number}" for number in range(50)]
    data = written(Xlsx(max_rows=30), one_sheet(bars(days, {"Time": [1.0] * 50})), headless=True)

    found = [row[0] for rows in tabs_of(data).values() for row in rows if str(row[0]).startswith("day ")]
    assert days == found
    assert all(not sheet._charts for sheet in openpyxl.load_workbook(io.BytesIO(data)).worksheets)


@pytest.mark.parametrize("rows", [0, 5, 20, 24, 40])
def test_no_chart_of_a_printed_tab_is_cut_by_the_end_of_a_page(rows: int, tmp_path: Path) -> None:
    """Each is whole on a page, whatever stands above it; the size stays that in which the columns fit."""
    titles = ("First chart", "Second chart", "Third chart")
    charts = [bars([f"{title} {day}" for day in range(5)], {title: [1.0] * 5}, header=title) for title in titles]
    file = tmp_path / "charts.xlsx"
    file.write_bytes(written(Xlsx(), one_sheet(text_table(*["row"] * rows), *charts), headless=True))
    sheet = openpyxl.load_workbook(file).worksheets[0]
    breaks = [one.id for one in sheet.row_breaks.brk]
    spans = [(one.anchor._from.row, one.anchor.to.row) for one in sheet._charts]

    assert breaks
    assert not sheet.sheet_properties.pageSetUpPr.fitToPage
    assert 3 == len(spans)
    page = 30 * 100 / int(sheet.page_setup.scale or 100)  # rows
    for first, last in spans:
        begins = max([0, *(row for row in breaks if row <= first)])
        assert not [row for row in breaks if first < row <= last]
        assert last - begins <= page


def test_a_tab_whose_charts_are_whole_is_fitted_to_the_width_of_pages() -> None:
    """As one without charts is."""
    sheet = openpyxl.load_workbook(io.BytesIO(written(Xlsx(), one_sheet(WEEK), headless=True))).worksheets[0]

    assert not sheet.row_breaks.brk
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
